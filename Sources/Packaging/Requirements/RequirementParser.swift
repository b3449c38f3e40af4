// Reads dependencies and markers: the grammar of PEP 508 as PyPA `packaging` accepts it.

/// Where and why a requirement or marker cannot be read.
struct RequirementSyntaxError: Error {
    let expected: String
    /// Offset in UTF-8 bytes.
    let offset: Int

    func describe(_ input: String, as kind: String) -> String {
        "Invalid \(kind) \(PythonText.excerpt(input)): expected \(expected) at byte \(offset + 1)."
    }
}

/// A recursive descent parser.
struct RequirementParser {
    struct Parsed {
        var name: String
        var extras: [String]
        var specifier: VersionSpecifierSet = .any
        var url: String?
        var marker: MarkerExpression?
    }

    /// Parentheses inside parentheses a marker may have; hostile input must not exhaust the stack.
    private static let maximumDepth = 100

    private var tokens: RequirementTokenizer

    init(_ string: String) {
        tokens = RequirementTokenizer(string)
    }

    // MARK: Requirements

    mutating func parseRequirement() throws(RequirementSyntaxError) -> Parsed {
        tokens.skipWhitespace()
        guard let name = tokens.takeIdentifier() else { throw failure("a project name") }
        tokens.skipWhitespace()
        var parsed = Parsed(name: name, extras: try parseExtras())
        tokens.skipWhitespace()
        if tokens.take("@") {
            try parseDirectReference(into: &parsed)
        } else {
            parsed.specifier = try parseSpecifier()
            tokens.skipWhitespace()
            if !tokens.isAtEnd { parsed.marker = try parseRequirementMarker(or: "a version specifier, ';' or the end") }
        }
        guard tokens.isAtEnd else { throw failure("the end") }
        return parsed
    }

    private mutating func parseDirectReference(into parsed: inout Parsed) throws(RequirementSyntaxError) {
        tokens.skipWhitespace()
        guard let url = tokens.takeURL() else { throw failure("a URL") }
        parsed.url = url
        // A URL ends at white space, and nothing but a marker may follow it.
        tokens.skipWhitespace()
        if !tokens.isAtEnd { parsed.marker = try parseRequirementMarker(or: "';' or the end") }
    }

    private mutating func parseRequirementMarker(or expected: String) throws(RequirementSyntaxError) -> MarkerExpression {
        guard tokens.take(";") else { throw failure(expected) }
        let marker = try parseMarker(depth: 0)
        tokens.skipWhitespace()
        return marker
    }

    private mutating func parseExtras() throws(RequirementSyntaxError) -> [String] {
        var extras: [String] = []
        guard tokens.take("[") else { return extras }
        tokens.skipWhitespace()
        if let first = tokens.takeIdentifier() {
            extras.append(first)
            tokens.skipWhitespace()
            while tokens.take(",") {
                tokens.skipWhitespace()
                guard let next = tokens.takeIdentifier() else { throw failure("the name of an extra") }
                extras.append(next)
                tokens.skipWhitespace()
            }
        }
        guard tokens.take("]") else { throw failure("',' or ']' after an extra") }
        return extras
    }

    private mutating func parseSpecifier() throws(RequirementSyntaxError) -> VersionSpecifierSet {
        let isEnclosed = tokens.take("(")
        tokens.skipWhitespace()
        let start = tokens.position
        while tokens.skipSpecifier() {
            tokens.skipWhitespace()
            guard tokens.take(",") else { break }
            tokens.skipWhitespace()
        }
        // `===` takes commas into its version; reading the text as a list splits them off again.
        let text = tokens.text(start..<tokens.position)
        if isEnclosed {
            guard tokens.take(")") else { throw failure("')' after a version specifier") }
        }
        do {
            return try VersionSpecifierSet(text)
        } catch {
            throw RequirementSyntaxError(expected: "a version specifier instead of \(PythonText.excerpt(error.input))", offset: start)
        }
    }

    // MARK: Markers

    mutating func parseWholeMarker() throws(RequirementSyntaxError) -> MarkerExpression {
        let marker = try parseMarker(depth: 0)
        guard tokens.isAtEnd else { throw failure("'and', 'or' or the end of the marker") }
        return marker
    }

    private mutating func parseMarker(depth: Int) throws(RequirementSyntaxError) -> MarkerExpression {
        var expression = MarkerExpression(terms: [try parseTerm(depth: depth)])
        while let connective = takeConnective() {
            expression.connectives.append(connective)
            expression.terms.append(try parseTerm(depth: depth))
        }
        return expression
    }

    private mutating func takeConnective() -> MarkerExpression.Connective? {
        if tokens.takeWord("and") { return .and }
        return tokens.takeWord("or") ? .or : nil
    }

    private mutating func parseTerm(depth: Int) throws(RequirementSyntaxError) -> MarkerExpression.Term {
        tokens.skipWhitespace()
        defer { tokens.skipWhitespace() }
        guard tokens.take("(") else { return .comparison(try parseComparison()) }
        guard depth < Self.maximumDepth else { throw failure("fewer nested parentheses") }
        tokens.skipWhitespace()
        let expression = try parseMarker(depth: depth + 1)
        guard tokens.take(")") else { throw failure("')' after a marker expression") }
        return .group(expression)
    }

    private mutating func parseComparison() throws(RequirementSyntaxError) -> MarkerComparison {
        let left = try parseOperand()
        tokens.skipWhitespace()
        let `operator` = try parseOperator()
        tokens.skipWhitespace()
        return MarkerComparison(left: left, operator: `operator`, right: try parseOperand())
    }

    private mutating func parseOperand() throws(RequirementSyntaxError) -> MarkerComparison.Operand {
        if let variable = tokens.takeVariable() { return .variable(variable) }
        let start = tokens.position
        guard let quoted = tokens.takeQuoted() else { throw failure("a marker variable or a quoted string") }
        guard let value = PythonStringLiteral.value(of: quoted) else {
            throw RequirementSyntaxError(expected: "a well-formed quoted string", offset: start)
        }
        // There is no way to write such a value again.
        guard !value.utf8.contains(UInt8(ascii: "\"")) || !value.utf8.contains(UInt8(ascii: "'")) else {
            throw RequirementSyntaxError(expected: "a string with one kind of quotes", offset: start)
        }
        return .literal(value)
    }

    private mutating func parseOperator() throws(RequirementSyntaxError) -> MarkerComparison.Operator {
        if tokens.takeWord("in") { return .in }
        if tokens.takeWord("not") {
            guard tokens.skipWhitespace(), tokens.takeWord("in") else { throw failure("'in' after 'not'") }
            return .notIn
        }
        guard let symbol = tokens.takeOperatorSymbol() else { throw failure("a comparison operator") }
        return symbol
    }

    private func failure(_ expected: String) -> RequirementSyntaxError {
        RequirementSyntaxError(expected: expected, offset: tokens.position)
    }
}
