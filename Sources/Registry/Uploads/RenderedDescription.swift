/// A release's description, ready to show.
struct RenderedDescription: Sendable, Hashable {
    let html: String
    /// The library that made it with its version; nil when it is plain text because there was none: to be rendered later.
    let renderer: String?
    /// Whether it is plain text because the renderer refused it.
    var isBroken = false
    /// What to tell the publisher of it.
    var remark: UploadRemark?
}
