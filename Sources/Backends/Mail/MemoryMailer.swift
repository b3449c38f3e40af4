import Synchronization

/// Keeps mails in memory, for tests: they can be looked at, and sending can be made to fail.
public final class MemoryMailer: Mailer {
    private struct State {
        var messages: [MailMessage] = []
        var failure: (@Sendable (MailMessage) -> MailError?)?
    }

    /// Of more than these, the newest.
    private static let limit = 10_000
    private let state = Mutex(State())

    public init() {}

    public func send(_ message: MailMessage) async throws(MailError) {
        // Outside the lock: it may look at what has been sent.
        if let error = state.withLock(\.failure)?(message) { throw error }
        state.withLock { state in
            if state.messages.count >= Self.limit { state.messages.removeFirst() }
            state.messages.append(message)
        }
    }

    /// What has been sent and not been taken, in that order.
    public var messages: [MailMessage] { state.withLock(\.messages) }

    /// What has been sent, which is forgotten then.
    public func takeMessages() -> [MailMessage] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// From now on, mails for which this says an error do not go. `nil` ends that.
    public func fail(_ failure: (@Sendable (MailMessage) -> MailError?)?) { state.withLock { $0.failure = failure } }
}
