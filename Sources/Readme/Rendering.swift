// What comes of rendering a description.

public import Markup

/// What became of one description.
public enum Rendering: Sendable, Hashable {
    /// Clean HTML, and the library that made it with its version, such as "readme_renderer 46.0": store it, to know what to render again later.
    case html(HTML, renderer: String)

    /// The text is not what its content type says, or it or its HTML is too large. The reason is the library's, up to 1,000 characters in a few
    /// lines, with line numbers for reST, or names the size and the limit.
    case refused(reason: String)

    /// There is no renderer just now; the reason says what an operator has to do. The text may be good.
    case unavailable(reason: String)
}

/// Why a description got no verdict although there is a renderer.
public enum RendererFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Two helpers died of this text or answered rubbish; says how the second one ended.
    case died(String)

    /// The helper was not done with this text in time. It is not tried again.
    case timedOut(seconds: Int)

    /// There is a renderer, but not for this text now: too many wait, of all senders or of this one, or helpers cannot be started just now; a
    /// sentence says why. The text may be good.
    case busy(String)

    /// The task that asked was cancelled.
    case cancelled

    /// The failure in words for a person.
    public var message: String {
        switch self {
        case .died(let how): "The description cannot be rendered: the renderer \(how)."
        case .timedOut(let seconds): "The description cannot be rendered within \(seconds) seconds."
        case .busy(let reason): reason
        case .cancelled: "Nobody waits for the description any more."
        }
    }

    /// The message.
    public var description: String { message }
}

/// Whether descriptions can be rendered.
public enum RendererAvailability: Sendable, Hashable {
    /// A helper has started; names the library with its version.
    case ready(String)

    /// None can be started; says why, and what to do.
    case missing(String)
}
