// Project descriptions to safe HTML, by PyPA's own library.

public import Logging
public import Markup

/// Turns project descriptions into clean HTML.
///
/// PyPA's `readme_renderer` does it, in a few helper processes that a Python interpreter runs, so that verdict and HTML are those of PyPI, and
/// so that no text can crash, block or bloat the server. reST is the default; `text/markdown` is GFM whatever its `variant`; `text/plain` is put
/// in `<pre>`; anything else is taken as text (the reference's rules; core metadata, PEP 566 "Description-Content-Type").
///
/// Helpers start with the first text and end when there is nothing to do. Call `shutDown()` before throwing a renderer away.
public final class ReadmeRenderer: Sendable {
    private let pool: RendererPool
    private let largestText: Int

    /// - Parameters:
    ///   - python: The interpreter that has `readme_renderer[md]`: a name to look for on `PATH`, or a path.
    ///   - limits: What a text may cost.
    ///   - logger: Hears of helpers that die and of a renderer that is missing.
    public init(python: String = "python3", limits: RendererLimits = .init(), logger: Logger) {
        pool = RendererPool(launch: HelperLaunch(python: python, limits: limits), limits: limits, logger: logger)
        largestText = limits.largestText
    }

    /// Renders one text. Senders take turns: a text waits behind one text each of other senders, whatever number they bring. A text that a helper
    /// dies of is tried on a second one; one that takes too long is not.
    /// - Parameters:
    ///   - contentType: The metadata's content type with its parameters; nil or empty means reST.
    ///   - sender: Whose text it is, such as the identifier of the user who uploads: a few texts of one sender may wait, and they never occupy
    ///     the last of several helpers.
    /// - Throws: `RendererFailure` when there is a renderer but it got no answer for this text.
    public func render(_ text: String, contentType: String?, for sender: String) async throws(RendererFailure) -> Rendering {
        let size = text.utf8.count
        // Whether there is a renderer or not: the verdict shall not depend on it.
        if size > largestText { return .refused(reason: "The description has \(size) bytes; at most \(largestText) are allowed.") }
        switch await pool.perform(RendererFrame.request(contentType: contentType ?? "", text: text), for: sender) {
        case .html(let html, let renderer): return .html(HTML(trusting: html), renderer: renderer)
        case .refused(let reason): return .refused(reason: reason)
        case .unavailable(let reason): return .unavailable(reason: reason)
        case .ready: throw .died("answered nothing")
        case .failed(let failure): throw failure
        }
    }

    /// Starts a helper, when none is running, to find out whether texts can be rendered. A negative answer is remembered for `probeInterval`.
    public func availability() async -> RendererAvailability {
        switch await pool.perform(nil, for: nil) {
        case .ready(let renderer): .ready(renderer)
        case .unavailable(let reason): .missing(reason)
        case .failed(let failure): .missing(failure.message)
        case .html, .refused: .missing("The renderer answered what it was not asked.")
        }
    }

    /// The text in `<pre>`, escaped: what to show while there is no renderer.
    public static func plainText(_ text: String) -> HTML { "<pre>\(text)</pre>" }

    /// Ends all helpers, and returns when they are gone. Texts in work and texts that wait fail as `busy`, as do all later ones.
    public func shutDown() async { await pool.shutDown() }
}
