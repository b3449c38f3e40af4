/// A release's description, ready to show.
struct RenderedDescription: Sendable, Hashable {
    let html: String
    /// The library that made it with its version; nil when it is plain text because there was none: to be rendered later.
    let renderer: String?
}
