// What callers ask the helpers for, and what they get.

/// One text, or the question whether there is a renderer at all.
struct RendererJob: Sendable {
    let number: UInt64

    /// Whose text it is; nil where the server asks for itself.
    let sender: String?

    /// Nil asks only for a running helper.
    let request: [UInt8]?

    /// Until when it may wait to begin.
    let patience: ContinuousClock.Instant

    /// How many helpers have failed at it.
    var attempts = 0

    /// Bytes that it holds while it waits.
    var size: Int { request?.count ?? 0 }
}

/// What a caller gets.
enum RendererAnswer: Sendable {
    case html(String, renderer: String)
    case refused(reason: String)
    case ready(renderer: String)
    case unavailable(reason: String)
    case failed(RendererFailure)
}

/// Why a helper did not become ready.
struct FailedStart: Sendable {
    let reason: String

    /// It was said what is missing: trying again does not help before somebody has installed it.
    var namesWhatIsMissing = false
}
