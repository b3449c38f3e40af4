// HTML as a type: text that is safe to send, because everything put into it was escaped.

/// A piece of HTML.
///
/// It is written as a string literal. What the literal says is taken as it is; what is interpolated is escaped, unless it is `HTML` itself:
///
///     let row: HTML = "<li><a href=\"\(link)\">\(project.name)</a></li>"
///     let list: HTML = "<ul>\(each: projects, row)</ul>\(if: isEmpty, "<p>Nothing yet.</p>")"
///
/// Attribute values must be quoted. Escaping does not make a URL harmless: a `javascript:` link must be refused before it comes here.
public struct HTML: Sendable, Hashable, CustomStringConvertible {
    private let text: String

    /// The only way to make HTML from text at run time without escaping: for HTML that came out of a sanitizer or was rendered before.
    public init(trusting text: String) { self.text = text }

    /// Any text, escaped.
    public init(escaping text: some StringProtocol) {
        var escaped = ""
        Self.appendEscaped(text, to: &escaped)
        self.text = escaped
    }

    /// Nothing.
    public static let empty = HTML(trusting: "")

    /// The HTML as text.
    public var description: String { text }

    /// The HTML in UTF-8, ready to send.
    public var bytes: [UInt8] { Array(text.utf8) }

    public var isEmpty: Bool { text.isEmpty }

    public static func + (one: HTML, other: HTML) -> HTML { HTML(trusting: one.text + other.text) }

    public static func += (one: inout HTML, other: HTML) { one = one + other }
}

extension Sequence where Element == HTML {
    /// All pieces in a row, with `separator` between them.
    public func joined(separator: HTML = .empty) -> HTML { HTML(trusting: map(\.description).joined(separator: separator.description)) }
}

extension HTML: ExpressibleByStringInterpolation {
    public init(stringLiteral literal: StaticString) { text = literal.withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }

    public init(stringInterpolation interpolation: StringInterpolation) { text = interpolation.text }

    /// Collects the parts of a literal. Its literal parts are `StaticString`s: the compiler refuses anything that is not written in the source.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + interpolationCount * 16) }

        public mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
        }

        /// Text, escaped.
        public mutating func appendInterpolation(_ value: some StringProtocol) { HTML.appendEscaped(value, to: &text) }

        /// A number; has nothing to escape.
        public mutating func appendInterpolation(_ value: some BinaryInteger) { text += String(value) }

        /// HTML, as it is.
        public mutating func appendInterpolation(_ html: HTML) { text += html.text }

        /// HTML if there is any.
        public mutating func appendInterpolation(_ html: HTML?) { if let html { text += html.text } }

        /// One piece of HTML for each item. The closure is an argument: trailing closures are not allowed here.
        public mutating func appendInterpolation<Items: Sequence>(each items: Items, _ row: (Items.Element) -> HTML) {
            for item in items { text += row(item).text }
        }

        /// HTML when the condition holds, otherwise `alternative`. The one that is not wanted is not made.
        public mutating func appendInterpolation(
            if condition: Bool,
            _ html: @autoclosure () -> HTML,
            else alternative: @autoclosure () -> HTML = .empty
        ) {
            text += condition ? html().text : alternative().text
        }

        /// HTML made of a value when there is one, otherwise `alternative`.
        public mutating func appendInterpolation<Value>(
            optional value: Value?,
            _ html: (Value) -> HTML,
            else alternative: @autoclosure () -> HTML = .empty
        ) {
            if let value { text += html(value).text } else { text += alternative().text }
        }
    }
}
