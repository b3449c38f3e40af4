import Localization
import Markup

extension HTML.StringInterpolation {
    /// A sentence in the reader's language, escaped. What in it is HTML, such as a link, is not.
    mutating func appendInterpolation(text message: Message) { appendInterpolation(Localizer.current.html(message)) }
}
