// The parameters after a content type: `; charset=UTF-8; variant=GFM`.

/// Reads the value of a Content-Type header, comments, quoted strings and RFC 2231 continuations included, and refuses whatever
/// Python's `email` package would find defective.
struct MIMEParameters {
    private let text: [Unicode.Scalar]
    private var index = 0

    /// One `name*section*=value`.
    private struct Part {
        let name: String
        var section = 0
        var isExtended = false
        var charset = "us-ascii"
        var value = ""
    }

    private struct Defect: Error {}

    /// The parameters by lower-case name.
    static func parse(contentType: String) throws(InvalidDescriptionContentType) -> [String: String] {
        var parser = MIMEParameters(text: Array(contentType.unicodeScalars))
        do {
            return try parser.parse()
        } catch {
            throw InvalidDescriptionContentType(reason: "it is no well-formed content type")
        }
    }

    private mutating func parse() throws(Defect) -> [String: String] {
        // Line ends are only harmless at the very end, and even there only inside white space.
        let lineEnd = text.suffix(2) == ["\r", "\n"] ? 2 : 1
        guard !text.dropLast(lineEnd).contains(where: Self.isLineBoundary) else { throw Defect() }
        _ = try parseToken(ends: Self.tokenEnds)
        guard next == "/" else { throw Defect() }
        index += 1
        _ = try parseToken(ends: Self.tokenEnds)
        guard let separator = next else { return [:] }
        guard separator == ";" else { throw Defect() }
        index += 1

        var parts: [Part] = []
        while index < text.count {
            let start = index
            try skipCommentsAndSpace()
            // White space after a last semicolon is fine, a second semicolon is not.
            if index == text.count { break }
            index = start
            parts.append(try parsePart())
            if let separator = next {
                guard separator == ";" else { throw Defect() }
                index += 1
            }
        }
        return try Self.merge(parts)
    }

    private mutating func parsePart() throws(Defect) -> Part {
        var part = Part(name: try parseToken(ends: Self.attributeEnds))
        if next == "*" {
            if index + 1 < text.count, text[index + 1].properties.numericType != nil {
                index += 1
                part.section = try parseSection()
            }
            if next == "*" {
                part.isExtended = true
                index += 1
            }
        }
        guard next == "=" else { throw Defect() }
        index += 1
        try skipCommentsAndSpace()
        if part.isExtended, next == "\"" { throw Defect() }
        if next == "'" {
            guard part.isExtended, part.section == 0 else { throw Defect() }
        } else {
            part.value = try parseValue()
        }
        guard part.isExtended, part.section == 0 else {
            if next == "'" { throw Defect() }
            return part
        }
        // charset'language'value
        if !part.value.isEmpty { part.charset = part.value }
        try expectQuote()
        if let scalar = next, scalar != "'" { _ = try parseRun(ends: Self.attributeEnds) }
        try expectQuote()
        part.value = try parseValue()
        return part
    }

    private mutating func expectQuote() throws(Defect) {
        guard next == "'" else { throw Defect() }
        index += 1
    }

    private mutating func parseSection() throws(Defect) -> Int {
        var number = 0
        let start = index
        while let scalar = next, let digit = scalar.properties.numericValue, scalar.properties.numericType != .numeric, digit.rounded() == digit {
            guard number < 1_000_000 else { throw Defect() }
            number = number * 10 + Int(digit)
            index += 1
        }
        if text[start] == "0", index - start > 1 { throw Defect() }
        return number
    }

    private mutating func parseValue() throws(Defect) -> String {
        try skipCommentsAndSpace()
        guard next == "\"" else { return try parseToken(ends: Self.valueEnds) }
        let value = try parseQuotedString()
        try skipCommentsAndSpace()
        return value
    }

    /// A run of characters with comments and white space around it.
    private mutating func parseToken(ends: Set<Unicode.Scalar>) throws(Defect) -> String {
        try skipCommentsAndSpace()
        let run = try parseRun(ends: ends)
        try skipCommentsAndSpace()
        return run
    }

    private mutating func parseRun(ends: Set<Unicode.Scalar>) throws(Defect) -> String {
        var run = String.UnicodeScalarView()
        while let scalar = next, !ends.contains(scalar) {
            if scalar.value <= 0x20 || scalar.value == 0x7F { throw Defect() }
            run.append(scalar)
            index += 1
        }
        guard !run.isEmpty else { throw Defect() }
        return String(run)
    }

    private mutating func parseQuotedString() throws(Defect) -> String {
        index += 1
        // Collected in an array: appending one view of a string to another copies all that is there.
        var content: [Unicode.Scalar] = []
        while let scalar = next {
            if scalar == "\"" {
                index += 1
                return String(String.UnicodeScalarView(content))
            }
            if scalar == " " || scalar == "\t" {
                while let space = next, PythonText.isWhitespace(space) {
                    content.append(space)
                    index += 1
                }
                continue
            }
            if startsEncodedWord { throw Defect() }
            content.append(contentsOf: try parseQuotedRun(ends: ["\""]))
        }
        throw Defect()
    }

    /// Characters up to white space or an end, `\x` read as `x`.
    private mutating func parseQuotedRun(ends: Set<Unicode.Scalar>) throws(Defect) -> [Unicode.Scalar] {
        var run: [Unicode.Scalar] = []
        var isEscaped = false
        while let scalar = next, scalar != " ", scalar != "\t" {
            if scalar == "\\", !isEscaped {
                isEscaped = true
            } else if !isEscaped, ends.contains(scalar) {
                break
            } else {
                if scalar.value <= 0x20 || scalar.value == 0x7F { throw Defect() }
                run.append(scalar)
                isEscaped = false
            }
            index += 1
        }
        return run
    }

    private mutating func skipCommentsAndSpace() throws(Defect) {
        while let scalar = next {
            if scalar == " " || scalar == "\t" {
                while let space = next, PythonText.isWhitespace(space) { index += 1 }
            } else if scalar == "(" {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(Defect) {
        var depth = 0
        while let scalar = next {
            switch scalar {
            case "(":
                depth += 1
                index += 1
            case ")":
                depth -= 1
                index += 1
                if depth == 0 { return }
            case " ", "\t":
                while let space = next, PythonText.isWhitespace(space) { index += 1 }
            default: _ = try parseQuotedRun(ends: ["(", ")"])
            }
        }
        throw Defect()
    }

    /// `=?charset?q?text?=`, which has no place inside quotes.
    private var startsEncodedWord: Bool {
        guard index + 1 < text.count, text[index] == "=", text[index + 1] == "?" else { return false }
        var marks: [Int] = []
        for position in (index + 2)..<text.count where text[position] == "?" {
            marks.append(position)
            guard marks.count == 3 else { continue }
            let encoding: Set<Unicode.Scalar> = ["q", "Q", "b", "B"]
            let isKnown = marks[1] - marks[0] == 2 && encoding.contains(text[marks[0] + 1])
            return isKnown && position + 1 < text.count && text[position + 1] == "="
        }
        return false
    }

    private var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

    /// Joins continuations and decodes extended values. Duplicates and gaps are defects.
    private static func merge(_ parts: [Part]) throws(Defect) -> [String: String] {
        var order: [String] = []
        var groups: [String: [Part]] = [:]
        for part in parts {
            if groups[part.name] == nil { order.append(part.name) }
            groups[part.name, default: []].append(part)
        }
        var parameters: [String: String] = [:]
        for name in order {
            let sorted = groups[name]!.sorted { $0.section < $1.section }
            var value = ""
            for (position, part) in sorted.enumerated() {
                guard part.section == position else { throw Defect() }
                value += part.isExtended ? try decode(part.value, charset: sorted[0].charset) : part.value
            }
            parameters[PythonText.lowercased(name)] = value
        }
        return parameters
    }

    private static func decode(_ text: String, charset: String) throws(Defect) -> String {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = hexadecimal(bytes[index + 1]), let low = hexadecimal(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        if decoded.allSatisfy({ $0 < 0x80 }) { return String(decoding: decoded, as: UTF8.self) }
        switch charset.lowercased() {
        case "utf-8", "utf8":
            guard let text = String(validating: decoded, as: UTF8.self) else { throw Defect() }
            return text
        case "iso-8859-1", "latin-1", "latin1":
            return String(String.UnicodeScalarView(decoded.map { Unicode.Scalar($0) }))
        default:
            throw Defect()
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    private static func isLineBoundary(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static let tokenEnds = Set(" \t\"(),/:;<=>?@[\\]".unicodeScalars)
    private static let valueEnds = tokenEnds.union(["'", "*"])
    private static let attributeEnds = valueEnds.union(["%"])
}

extension PythonText {
    static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        let bytes = Array(String(scalar).utf8)
        return whitespaceLength(bytes, at: 0) > 0
    }
}
