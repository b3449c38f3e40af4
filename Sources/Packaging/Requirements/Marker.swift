// The condition after the `;` of a dependency.

/// An environment marker (PEP 508, with the set-valued `extras` and `dependency_groups` of PEP 751).
///
/// Names of extras are normalized when read. Two markers are equal when they are written alike.
public struct Marker: Sendable {
    let expression: MarkerExpression

    init(expression: MarkerExpression) {
        self.expression = expression
    }

    /// - Throws: `InvalidMarker`.
    public init(_ string: String) throws(InvalidMarker) {
        do {
            var parser = RequirementParser(string)
            expression = try parser.parseWholeMarker()
        } catch {
            throw InvalidMarker(input: string, message: error.describe(string, as: "marker"))
        }
    }
}

extension Marker: Hashable, CustomStringConvertible {
    public static func == (left: Marker, right: Marker) -> Bool {
        PythonText.isSame(left.description, right.description)
    }

    public func hash(into hasher: inout Hasher) {
        PythonText.hash(description, into: &hasher)
    }

    /// `str(Marker)`: double quotes where possible, one space, no needless outer parentheses.
    public var description: String { expression.render(isOutermost: true) }
}

/// Terms joined by `and` and `or`; `and` binds more tightly.
struct MarkerExpression: Sendable {
    enum Connective: String, Sendable {
        case and
        case or
    }

    enum Term: Sendable {
        case comparison(MarkerComparison)
        indirect case group(MarkerExpression)
    }

    /// At least one; `connectives[n]` stands between `terms[n]` and `terms[n + 1]`.
    var terms: [Term]
    var connectives: [Connective] = []

    func render(isOutermost: Bool) -> String {
        if terms.count == 1 { return terms[0].render(isOutermost: isOutermost) }
        var text = terms[0].render(isOutermost: false)
        for (connective, term) in zip(connectives, terms.dropFirst()) {
            text += " \(connective.rawValue) " + term.render(isOutermost: false)
        }
        return isOutermost ? text : "(\(text))"
    }
}

extension MarkerExpression.Term {
    func render(isOutermost: Bool) -> String {
        switch self {
        case .comparison(let comparison): "\(comparison.left) \(comparison.operator.rawValue) \(comparison.right)"
        case .group(let expression): expression.render(isOutermost: isOutermost)
        }
    }
}

/// `python_version >= "3.8"`
struct MarkerComparison: Sendable {
    enum Operator: String, Sendable, CaseIterable {
        // Longer operators first: the reader takes the first that fits.
        case identical = "==="
        case equal = "=="
        case compatible = "~="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case `in` = "in"
        case notIn = "not in"
    }

    enum Operand: Sendable {
        case variable(String)
        case literal(String)
    }

    let left: Operand
    let `operator`: Operator
    let right: Operand

    /// Normalizes the names of extras and dependency groups that are compared with their variables (PEP 685).
    init(left: Operand, operator: Operator, right: Operand) {
        var left = left
        var right = right
        switch (left, right) {
        case (.variable("extra"), .literal(let name)): right = .literal(NormalizedName(normalizing: name).value)
        case (.literal(let name), .variable("extra")), (.literal(let name), .variable("extras")),
            (.literal(let name), .variable("dependency_groups")):
            left = .literal(NormalizedName(normalizing: name).value)
        default: break
        }
        self.left = left
        self.operator = `operator`
        self.right = right
    }
}

extension MarkerComparison.Operand: CustomStringConvertible {
    var description: String {
        switch self {
        case .variable(let name): name
        case .literal(let text): text.utf8.contains(UInt8(ascii: "\"")) ? "'\(text)'" : "\"\(text)\""
        }
    }

    var text: String {
        switch self {
        case .variable(let text), .literal(let text): text
        }
    }
}

/// A string that is no environment marker.
public struct InvalidMarker: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String

    /// What is wrong and where, for people.
    public let message: String

    public var description: String { message }
}
