// The little XML in which S3 answers.

/// An element with its text and its children. Attributes are left out: S3 says nothing in them.
///
/// Only what S3 sends is read: no document types, no processing instructions but the first, no entities but the five and numbers, at most 16 levels.
struct S3XML: Sendable, Equatable {
    let name: String
    var text = ""
    var children: [S3XML] = []

    /// - Throws: ``Malformed``.
    init(_ bytes: [UInt8]) throws(Malformed) {
        var reader = Reader(bytes: bytes[...])
        self = try reader.document()
    }

    fileprivate init(name: String) { self.name = name }

    /// The text of the first child of this name.
    subscript(_ name: String) -> String? { children.first { $0.name == name }?.text }

    func all(_ name: String) -> [S3XML] { children.filter { $0.name == name } }

    struct Malformed: Error, Equatable {}
}

private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func document() throws(S3XML.Malformed) -> S3XML {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        try skipMisc()
        let root = try element(depth: 0)
        try skipMisc()
        guard bytes.isEmpty else { throw S3XML.Malformed() }
        return root
    }

    /// White space, comments and the declaration.
    private mutating func skipMisc() throws(S3XML.Malformed) {
        while true {
            bytes = bytes.drop(while: isSpace)
            if take("<?xml") { try skip(past: "?>") } else if take("<!--") { try skip(past: "-->") } else { return }
        }
    }

    private mutating func element(depth: Int) throws(S3XML.Malformed) -> S3XML {
        guard depth < 16, take("<") else { throw S3XML.Malformed() }
        var element = S3XML(name: try name())
        if try !attributes() { return element }
        var text: [UInt8] = []
        while let byte = bytes.first {
            if take("</") {
                guard try name() == element.name else { throw S3XML.Malformed() }
                bytes = bytes.drop(while: isSpace)
                guard take(">"), let decoded = String(validating: text, as: UTF8.self) else { throw S3XML.Malformed() }
                element.text = decoded
                return element
            }
            if take("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                text += try skip(past: "]]>")
            } else if byte == UInt8(ascii: "<") {
                element.children.append(try self.element(depth: depth + 1))
            } else if byte == UInt8(ascii: "&") {
                text += try reference()
            } else {
                text.append(byte)
                bytes = bytes.dropFirst()
            }
        }
        throw S3XML.Malformed()
    }

    /// Passes over them, up to the end of the tag.
    /// - Returns: whether the element has content.
    private mutating func attributes() throws(S3XML.Malformed) -> Bool {
        while true {
            bytes = bytes.drop(while: isSpace)
            if take("/>") { return false }
            if take(">") { return true }
            _ = try name()
            bytes = bytes.drop(while: isSpace)
            guard take("=") else { throw S3XML.Malformed() }
            bytes = bytes.drop(while: isSpace)
            if take("\"") { try skip(past: "\"") } else if take("'") { try skip(past: "'") } else { throw S3XML.Malformed() }
        }
    }

    private mutating func name() throws(S3XML.Malformed) -> String {
        let name = bytes.prefix { $0 > 0x20 && !"<>/=&\"'".utf8.contains($0) }
        bytes = bytes.dropFirst(name.count)
        guard !name.isEmpty, name.count <= 256 else { throw S3XML.Malformed() }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func reference() throws(S3XML.Malformed) -> [UInt8] {
        guard take("&"), let end = bytes.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw S3XML.Malformed() }
        let name = String(decoding: bytes[..<end], as: UTF8.self)
        bytes = bytes[(end + 1)...]
        switch name {
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "amp": return [UInt8(ascii: "&")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default:
            let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            guard let number, let scalar = Unicode.Scalar(number) else { throw S3XML.Malformed() }
            return Array(String(Character(scalar)).utf8)
        }
    }

    @discardableResult
    private mutating func skip(past end: String) throws(S3XML.Malformed) -> [UInt8] {
        var rest = bytes
        while let first = rest.first {
            if first == end.utf8.first, rest.starts(with: end.utf8) {
                let passed = Array(bytes[..<rest.startIndex])
                bytes = rest.dropFirst(end.utf8.count)
                return passed
            }
            rest = rest.dropFirst()
        }
        throw S3XML.Malformed()
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes.starts(with: text.utf8) else { return false }
        bytes = bytes.dropFirst(text.utf8.count)
        return true
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
