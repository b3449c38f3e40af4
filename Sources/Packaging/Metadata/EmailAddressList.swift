// `Alice Example <alice@example.org>, bob@example.org`: the addresses of an author field.

/// Finds the first address in an RFC 5322 address list, as leniently as Python's `email.utils`: comments, quoted names, groups and routes.
public struct EmailAddressList {
    private let text: [Unicode.Scalar]
    private var index = 0

    /// The first address of a list without the name before it: empty when there is a name only (`Foo <>`), nil when there is nothing.
    public static func firstAddress(in list: String) -> String? {
        var scanner = EmailAddressList(text: Array(list.unicodeScalars))
        while scanner.index < scanner.text.count {
            let addresses = scanner.address(depth: 0)
            return addresses.first ?? ""
        }
        return nil
    }

    private init(text: [Unicode.Scalar]) {
        self.text = text
    }

    private var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

    /// One entry of the list: no address, one, or those of a group.
    private mutating func address(depth: Int) -> [String] {
        skipSpaceAndComments()
        let start = index
        let words = phrase()
        skipSpaceAndComments()
        var found: [String] = []
        switch next {
        case nil:
            if let word = words.first { found = [word] }
        case ".", "@":
            index = start
            found = [specification()]
        case ":":
            index += 1
            while index < text.count {
                skipSpaceAndComments()
                if next == ";" {
                    index += 1
                    break
                }
                if depth > 50 { break }
                found += address(depth: depth + 1)
            }
        case "<": found = [route()]
        case let scalar?:
            if let word = words.first {
                found = [word]
            } else if Self.specials.contains(scalar) {
                index += 1
            }
        }
        skipSpaceAndComments()
        if next == "," { index += 1 }
        return found
    }

    /// The words of a display name.
    private mutating func phrase() -> [String] {
        var words: [String] = []
        while let scalar = next {
            if Self.space.contains(scalar) {
                index += 1
            } else if scalar == "\"" {
                words.append(delimited(by: "\"", allowsComments: false))
            } else if scalar == "(" {
                _ = delimited(by: ")", allowsComments: true)
            } else if Self.phraseEnds.contains(scalar) {
                break
            } else {
                words.append(atom(ends: Self.phraseEnds))
            }
        }
        return words
    }

    /// `<@route:address>`
    private mutating func route() -> String {
        index += 1
        skipSpaceAndComments()
        var expectsDomain = false
        var found = ""
        while let scalar = next {
            if expectsDomain {
                _ = domain()
                expectsDomain = false
            } else if scalar == ">" {
                index += 1
                break
            } else if scalar == "@" {
                index += 1
                expectsDomain = true
            } else if scalar == ":" {
                index += 1
            } else {
                found = specification()
                index += 1
                break
            }
            skipSpaceAndComments()
        }
        return found
    }

    /// `local@domain`
    private mutating func specification() -> String {
        var pieces: [String] = []
        skipSpaceAndComments()
        while let scalar = next {
            var keepsSpace = true
            if scalar == "." {
                if Self.isBlank(pieces.last) { pieces.removeLast() }
                pieces.append(".")
                index += 1
                keepsSpace = false
            } else if scalar == "\"" {
                let quoted = delimited(by: "\"", allowsComments: false).unicodeScalars.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }
                pieces.append("\"" + quoted.joined() + "\"")
            } else if Self.atomEnds.contains(scalar) {
                if Self.isBlank(pieces.last) { pieces.removeLast() }
                break
            } else {
                pieces.append(atom(ends: Self.atomEnds))
            }
            let space = skipSpaceAndComments()
            if keepsSpace, !space.isEmpty { pieces.append(space) }
        }
        guard next == "@" else { return pieces.joined() }
        index += 1
        skipSpaceAndComments()
        let domain = domain()
        return domain.isEmpty ? "" : pieces.joined() + "@" + domain
    }

    private mutating func domain() -> String {
        var result = ""
        while let scalar = next {
            if scalar == " " || scalar == "\t" {
                index += 1
            } else if scalar == "(" {
                _ = delimited(by: ")", allowsComments: true)
            } else if scalar == "[" {
                result += "[" + delimited(by: "]", allowsComments: false) + "]"
            } else if scalar == "." {
                index += 1
                result += "."
            } else if scalar == "@" {
                return ""
            } else if Self.atomEnds.contains(scalar) {
                break
            } else {
                result += atom(ends: Self.atomEnds)
            }
        }
        return result
    }

    private mutating func atom(ends: Set<Unicode.Scalar>) -> String {
        let start = index
        while let scalar = next, !ends.contains(scalar) { index += 1 }
        return String(String.UnicodeScalarView(text[start..<index]))
    }

    /// The inside of quotes, brackets or a comment; a carriage return ends all of them.
    private mutating func delimited(by end: Unicode.Scalar, allowsComments: Bool) -> String {
        var inside = String.UnicodeScalarView()
        var isQuoted = false
        // Comments nest; counting avoids recursion on hostile input.
        var depth = 1
        index += 1
        while let scalar = next {
            index += 1
            if isQuoted {
                inside.append(scalar)
                isQuoted = false
            } else if scalar == end || scalar == "\r" {
                depth -= 1
                if depth == 0 { break }
            } else if allowsComments, scalar == "(" {
                depth += 1
            } else if scalar == "\\" {
                isQuoted = true
            } else {
                inside.append(scalar)
            }
        }
        return String(inside)
    }

    @discardableResult
    private mutating func skipSpaceAndComments() -> String {
        var space = String.UnicodeScalarView()
        while let scalar = next {
            if Self.space.contains(scalar) {
                if scalar != "\r", scalar != "\n" { space.append(scalar) }
                index += 1
            } else if scalar == "(" {
                _ = delimited(by: ")", allowsComments: true)
            } else {
                break
            }
        }
        return String(space)
    }

    private static func isBlank(_ piece: String?) -> Bool {
        guard let piece else { return false }
        return piece.unicodeScalars.allSatisfy(PythonText.isWhitespace)
    }

    private static let space = Set(" \t\r\n".unicodeScalars)
    private static let specials = Set("()<>@,:;.\"[]".unicodeScalars)
    private static let atomEnds = specials.union(space)
    private static let phraseEnds = atomEnds.subtracting(["."])
}
