public import Markup

/// A sentence for people, as it stands in the source: in English, with values in it. A ``Localizer`` says it in another language.
///
///     let words: Message = "\(name) has no role on \(project)."
///
/// Translators see `{1} has no role on {2}.`; the values are kept apart, and may stand in another order in their language. `dev/strings` finds the literals.
public struct Message: Sendable, Hashable, CustomStringConvertible {
    /// What stands in a place of a message.
    public enum Value: Sendable, Hashable {
        /// Text that is the same in every language.
        case text(String)
        /// Said in the same language as the message around it.
        case message(Message)
        /// For pages: a link, or something in `<code>`. It is not escaped again.
        case html(HTML)
    }

    /// With `{1}`, `{2}` … where the values were. Of one that depends on a number, that for 1.
    public let id: String
    /// That for other numbers; `nil` for messages that depend on none.
    public let pluralID: String?
    /// What it depends on.
    public let count: Int
    /// In the order of their places.
    public let values: [Value]

    private init(id: String, pluralID: String? = nil, count: Int = 1, values: [Value]) {
        self.id = id
        self.pluralID = pluralID
        self.count = count
        self.values = values
    }

    /// Text that is said as it is in every language: it comes from elsewhere.
    public init(verbatim text: String) { self.init(id: "{1}", values: [.text(text)]) }

    /// A message that depends on a number.
    ///
    /// - Parameters:
    ///   - one: for 1; its values, if it has any, are the first ones of `other`.
    ///   - other: for the rest.
    public init(count: Int, one: Message, other: Message) {
        assert(other.values.starts(with: one.values), "the values of both forms must be the same")
        self.init(id: one.id, pluralID: other.id, count: count, values: other.values)
    }

    /// As it stands in the source, filled in.
    public var english: String { Localizer.source.text(self) }

    /// In English, for logs.
    public var description: String { english }

    /// Its form in the source's language.
    var source: String { pluralID.map { PluralRule.germanic.form(for: count) == 0 ? id : $0 } ?? id }
}

extension Message: ExpressibleByStringInterpolation {
    public init(stringLiteral literal: String) { self.init(id: literal, values: []) }

    public init(stringInterpolation interpolation: StringInterpolation) { self.init(id: interpolation.id, values: interpolation.values) }

    /// Collects the parts of a literal.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var id = ""
        fileprivate var values: [Value] = []

        public init(literalCapacity: Int, interpolationCount: Int) { id.reserveCapacity(literalCapacity + interpolationCount * 3) }

        public mutating func appendLiteral(_ literal: String) { id += literal }

        /// Text, or anything that has a description.
        public mutating func appendInterpolation<Item>(_ value: Item) { append(.text(String(describing: value))) }

        /// A part that is a message itself.
        public mutating func appendInterpolation(_ message: Message) { append(.message(message)) }

        /// A part of a page.
        public mutating func appendInterpolation(_ html: HTML) { append(.html(html)) }

        private mutating func append(_ value: Value) {
            values.append(value)
            id += "{\(values.count)}"
        }
    }
}
