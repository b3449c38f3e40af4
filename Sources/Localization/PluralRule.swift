// Which of its plural forms a language has for a number.

/// What a catalog's `Plural-Forms` says: how many forms there are, and an expression in C that chooses one (GNU gettext manual, "Plural forms").
///
/// The expression is read into a tree of bounded size and depth; nothing in it can run for long or fail.
public struct PluralRule: Sendable, Hashable {
    /// How many forms there are, from 1 to 10.
    public let count: Int
    private let expression: PluralExpression

    /// One form for 1 and another one for the rest, as English and German have it; and what is taken where nothing is said.
    public static let germanic = PluralRule(count: 2, expression: .binary(.notEqual, .number, .constant(1)))

    private init(count: Int, expression: PluralExpression) {
        self.count = count
        self.expression = expression
    }

    /// - Parameter text: such as `nplurals=2; plural=(n != 1);`.
    /// - Throws: ``InvalidPluralRule``.
    public init(_ text: String) throws(InvalidPluralRule) {
        guard text.utf8.count <= 1000 else { throw .tooLong }
        var values: [Substring: Substring] = [:]
        for part in text.split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = sides[0].filter { !$0.isWhitespace }
            if name.isEmpty, sides.count == 1 { continue }
            guard sides.count == 2, values.updateValue(sides[1], forKey: Substring(name)) == nil else { throw .notTwoValues }
        }
        guard values.count == 2, let forms = values["nplurals"], let expression = values["plural"] else { throw .notTwoValues }
        guard let count = Int(forms.filter { !$0.isWhitespace }), (1...10).contains(count) else { throw .count }
        self.init(count: count, expression: try PluralExpression(expression))
    }

    /// The form for a number, from 0 to `count - 1`. Where the expression has no such value, as in a division by zero, it is 0.
    public func form(for number: Int) -> Int {
        // Of the smallest number there is no opposite.
        let value = expression.value(for: number == .min ? .max : abs(number)) ?? 0
        return (0..<count).contains(value) ? value : 0
    }
}

/// Why a text is no rule for plurals.
public enum InvalidPluralRule: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLong
    /// Not `nplurals=NUMBER; plural=EXPRESSION`.
    case notTwoValues
    /// Not from 1 to 10 forms.
    case count
    /// A character that is part of no expression, or an expression that is not complete.
    case expression
    case tooDeep

    public var description: String {
        switch self {
        case .tooLong: "Plural-Forms has more than 1000 bytes"
        case .notTwoValues: "Plural-Forms must be nplurals=NUMBER; plural=EXPRESSION"
        case .count: "nplurals must be from 1 to 10"
        case .expression: "the expression of Plural-Forms can not be understood"
        case .tooDeep: "the expression of Plural-Forms is nested too deeply"
        }
    }
}
