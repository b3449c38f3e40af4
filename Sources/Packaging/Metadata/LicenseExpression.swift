// `MIT OR Apache-2.0 WITH LLVM-exception`: which licences apply.

/// An SPDX licence expression (PEP 639), in its normal spelling.
///
/// Grammar and verdicts are those of PyPA `packaging`: `AND`, `OR`, `WITH` and parentheses in any case, identifiers of the SPDX list in any
/// case and with an optional `+`, and `LicenseRef-` followed by letters, digits, `.` and `-`.
public struct LicenseExpression: Hashable, Sendable, CustomStringConvertible {
    /// The expression with operators in capitals and identifiers as SPDX spells them.
    public let normalized: String

    public var description: String { normalized }

    /// - Parameter known: the SPDX list to look identifiers up in.
    /// - Throws: `InvalidLicenseExpression` on a wrong structure or an unknown identifier.
    public init(_ string: String, known: LicenseIdentifiers = Identifiers.bundled.licenses) throws(InvalidLicenseExpression) {
        let original = Self.tokens(of: string)
        let tokens = original.map(PythonText.lowercased)
        guard Self.isWellFormed(tokens) else {
            throw InvalidLicenseExpression(input: string, message: "operators, parentheses and identifiers do not form an expression")
        }

        // The last spelling of a reference wins for all of its uses.
        var references: [String: String] = [:]
        for (token, lowered) in zip(original, tokens) where lowered.utf8.starts(with: Self.referencePrefix.utf8) {
            references[lowered] = "LicenseRef-" + String(String.UnicodeScalarView(token.unicodeScalars.dropFirst(Self.referencePrefix.utf8.count)))
        }

        var text = ""
        var previous: String?
        var followsLicense = false
        for (index, token) in tokens.enumerated() {
            let shown: String
            if Self.isGrammar(token) {
                if token == "with", !followsLicense || index + 1 == tokens.count || Self.isGrammar(tokens[index + 1]) {
                    throw InvalidLicenseExpression(input: string, message: "WITH must stand between a licence and an exception")
                }
                shown = token.uppercased()
                followsLicense = false
            } else if previous == "with" {
                guard let exception = known.exception(token) else {
                    throw InvalidLicenseExpression(input: string, message: "\(PythonText.excerpt(original[index])) is no SPDX licence exception")
                }
                shown = exception
                followsLicense = false
            } else {
                shown = try Self.license(token, spelled: original[index], references: references, known: known, in: string)
                followsLicense = true
            }
            if !text.isEmpty, previous != "(", token != ")" { text += " " }
            text += shown
            previous = token
        }
        normalized = text
    }

    private static let referencePrefix = "licenseref-"

    private static func license(
        _ token: String,
        spelled original: String,
        references: [String: String],
        known: LicenseIdentifiers,
        in input: String
    ) throws(InvalidLicenseExpression) -> String {
        let hasPlus = token.utf8.last == UInt8(ascii: "+")
        let identifier = hasPlus ? String(token.utf8.dropLast())! : token
        if identifier.utf8.starts(with: referencePrefix.utf8) {
            let name = identifier.utf8.dropFirst(referencePrefix.utf8.count)
            let isAllowed = name.allSatisfy { PythonText.isASCIIAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
            guard !hasPlus, !name.isEmpty, isAllowed, let reference = references[identifier] else {
                throw InvalidLicenseExpression(
                    input: input,
                    message: "\(PythonText.excerpt(original)) is no licence reference: LicenseRef- takes letters, digits, '.' and '-'"
                )
            }
            return reference
        }
        guard let license = known.license(identifier) else {
            throw InvalidLicenseExpression(input: input, message: "\(PythonText.excerpt(original)) is no SPDX licence identifier")
        }
        return license + (hasPlus ? "+" : "")
    }

    /// Parentheses stand alone; everything else is parted by white space.
    private static func tokens(of string: String) -> [String] {
        let bytes = Array(string.utf8)
        var tokens: [String] = []
        var start = 0
        var index = 0
        func close() {
            if start < index { tokens.append(String(decoding: bytes[start..<index], as: UTF8.self)) }
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") {
                close()
                tokens.append(byte == UInt8(ascii: "(") ? "(" : ")")
                index += 1
                start = index
                continue
            }
            let length = PythonText.whitespaceLength(bytes, at: index)
            if length > 0 {
                close()
                index += length
                start = index
            } else {
                index += 1
            }
        }
        close()
        return tokens
    }

    private static func isGrammar(_ token: String) -> Bool {
        switch token {
        case "or", "and", "with", "(", ")": true
        default: false
        }
    }

    /// Operands and binary operators alternate and parentheses match. The depth limit is that of the reference.
    private static func isWellFormed(_ tokens: [String]) -> Bool {
        var depth = 0
        var expectsOperand = true
        for token in tokens {
            switch token {
            case "(":
                guard expectsOperand else { return false }
                depth += 1
                if depth > 200 { return false }
            case ")":
                guard !expectsOperand, depth > 0 else { return false }
                depth -= 1
            case "or", "and", "with":
                guard !expectsOperand else { return false }
                expectsOperand = true
            default:
                guard expectsOperand else { return false }
                expectsOperand = false
            }
        }
        return !expectsOperand && depth == 0
    }
}

/// A string that is no SPDX licence expression.
public struct InvalidLicenseExpression: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String

    /// What is wrong, for people: a clause without a period.
    public let message: String

    public var description: String { "Invalid licence expression \(PythonText.excerpt(input)): \(message)." }
}
