// The part of XML that calls are made of.

/// Reads a document event by event, without IO: the bytes are there, and its caller has bounded them.
///
/// Of XML 1.0 it takes the declaration, elements, attributes (looked at and passed over), text, CDATA, comments, processing instructions, the five named
/// entities and references to characters. A document type is refused, so nothing can be declared, included or multiplied. Only UTF-8.
struct XMLReader: Sendable {
    enum Event: Sendable, Hashable {
        case start(String)
        case end(String)
        /// All that stands between two tags, with references resolved and line ends as line feeds; never empty.
        case text(String)
        /// Behind the end of the outermost element.
        case finished
    }

    private let bytes: [UInt8]
    private var position = 0
    /// The names of the elements that are open.
    private var open: [String] = []
    private var hasRoot = false
    /// The element that ended in its own start tag.
    private var endsAtOnce = false
    private let depthLimit: Int

    private static let attributeLimit = 16

    /// - Parameter depthLimit: how many elements may lie in each other.
    init(_ bytes: [UInt8], depthLimit: Int) throws(InvalidXML) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        guard String(validating: bytes, as: UTF8.self) != nil else { throw InvalidXML("it is not UTF-8", at: 0) }
        if let place = Self.illegalCharacter(in: bytes) { throw InvalidXML("it holds a character that XML does not allow", at: place) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if starts(with: "<?xml"), position + 5 < bytes.count, Self.isSpace(bytes[position + 5]) { try declaration() }
    }

    /// - Throws: ``InvalidXML`` at the first thing that is not well-formed, or not taken here.
    mutating func next() throws(InvalidXML) -> Event {
        if endsAtOnce {
            endsAtOnce = false
            return .end(open.removeLast())
        }
        var text: [UInt8] = []
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                try characters(into: &text)
                continue
            }
            if starts(with: "<!--") {
                try skipComment()
            } else if starts(with: "<![CDATA[") {
                guard !open.isEmpty else { throw fault("there is text outside the document's element") }
                position += 9
                text += Self.withLineFeeds(bytes[position..<(try end(of: "]]>", "a CDATA section"))])
                position = try end(of: "]]>", "a CDATA section") + 3
            } else if starts(with: "<?") {
                try skipInstruction()
            } else if starts(with: "<!") {
                throw fault("document types are not taken")
            } else if text.isEmpty {
                return try tag()
            } else {
                return .text(Self.string(text))
            }
        }
        guard open.isEmpty, hasRoot else { throw fault("it ends before it is complete") }
        return .finished
    }

    // MARK: Tags

    private mutating func tag() throws(InvalidXML) -> Event {
        position += 1
        if take("/") {
            let name = try name()
            skipSpace()
            guard take(">") else { throw fault("an end tag does not end") }
            guard open.last == name else { throw fault("</\(name)> stands where no such element ends") }
            open.removeLast()
            return .end(name)
        }
        let name = try name()
        guard !(open.isEmpty && hasRoot) else { throw fault("there is a second element behind the document's own") }
        guard open.count < depthLimit else { throw fault("elements lie more than \(depthLimit) deep") }
        try attributes()
        if take("/") { endsAtOnce = true }
        guard take(">") else { throw fault("the tag <\(name)> does not end") }
        hasRoot = true
        open.append(name)
        return .start(name)
    }

    private mutating func attributes() throws(InvalidXML) {
        var names: Set<String> = []
        while true {
            let hadSpace = skipSpace()
            guard position < bytes.count, bytes[position] != UInt8(ascii: ">"), bytes[position] != UInt8(ascii: "/") else { return }
            guard hadSpace else { throw fault("there is no space before an attribute") }
            let (name, _) = try attribute()
            guard names.insert(name).inserted else { throw fault("the attribute \(name) is given twice") }
            guard names.count <= Self.attributeLimit else { throw fault("an element has more than \(Self.attributeLimit) attributes") }
        }
    }

    private mutating func attribute() throws(InvalidXML) -> (name: String, value: String) {
        let name = try name()
        skipSpace()
        guard take("=") else { throw fault("the attribute \(name) has no value") }
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") else {
            throw fault("the value of the attribute \(name) is not quoted")
        }
        let quote = bytes[position]
        position += 1
        var value: [UInt8] = []
        while position < bytes.count, bytes[position] != quote {
            switch bytes[position] {
            case UInt8(ascii: "<"): throw fault("the attribute \(name) holds a <")
            case UInt8(ascii: "&"): try reference(into: &value)
            default:
                value.append(bytes[position])
                position += 1
            }
        }
        guard position < bytes.count else { throw fault("the attribute \(name) does not end") }
        position += 1
        return (name, Self.string(value))
    }

    private mutating func name() throws(InvalidXML) -> String {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position], isFirst: position == start) { position += 1 }
        guard position > start else { throw fault("a name is missing") }
        return Self.string(bytes[start..<position])
    }

    // MARK: Text

    private mutating func characters(into text: inout [UInt8]) throws(InvalidXML) {
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
            let byte = bytes[position]
            guard !open.isEmpty || Self.isSpace(byte) else { throw fault("there is text outside the document's element") }
            switch byte {
            case UInt8(ascii: "&"): try reference(into: &text)
            case UInt8(ascii: "]") where starts(with: "]]>"): throw fault("]]> stands in text")
            case 0x0D:
                text.append(0x0A)
                position += starts(with: "\r\n") ? 2 : 1
            default:
                text.append(byte)
                position += 1
            }
        }
        // Between the parts of a document space means nothing.
        if open.isEmpty { text = [] }
    }

    private mutating func reference(into text: inout [UInt8]) throws(InvalidXML) {
        let start = position
        // `&#x10FFFF;` is the longest that means anything.
        guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw fault("an & stands alone") }
        let body = bytes[(start + 1)..<end]
        if body.first == UInt8(ascii: "#") {
            let digits = body.dropFirst()
            let isHexadecimal = digits.first == UInt8(ascii: "x")
            let number = Self.string(isHexadecimal ? digits.dropFirst() : digits)
            guard number.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }), let code = UInt32(number, radix: isHexadecimal ? 16 : 10),
                let scalar = Unicode.Scalar(code), XMLCharacter.isLegal(scalar)
            else { throw fault("there is a reference to a character that XML does not allow") }
            text.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            guard let byte = Self.entities[Self.string(body)] else { throw fault("there is a reference to an entity that nothing declares") }
            text.append(byte)
        }
        position = end + 1
    }

    private static let entities: [String: UInt8] = [
        "lt": UInt8(ascii: "<"), "gt": UInt8(ascii: ">"), "amp": UInt8(ascii: "&"), "quot": UInt8(ascii: "\""), "apos": UInt8(ascii: "'"),
    ]

    // MARK: What says nothing

    private mutating func declaration() throws(InvalidXML) {
        position += 5
        var values: [String: String] = [:]
        var order: [String] = []
        while true {
            let hadSpace = skipSpace()
            if starts(with: "?>") { break }
            guard hadSpace, order.count < 3 else { throw fault("the XML declaration is not one") }
            let (name, value) = try attribute()
            values[name] = value
            order.append(name)
        }
        position += 2
        let expected = ["version", "encoding", "standalone"].filter { values[$0] != nil }
        guard order == expected, values["version"]?.hasPrefix("1.") == true, ["yes", "no"].contains(values["standalone"] ?? "no") else {
            throw fault("the XML declaration is not one")
        }
        // What is ASCII is UTF-8 too; bandersnatch says it.
        guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(values["encoding"]?.lowercased() ?? "utf-8") else { throw fault("only UTF-8 is read") }
    }

    private mutating func skipComment() throws(InvalidXML) {
        position += 4
        position = try end(of: "--", "a comment") + 2
        guard take(">") else { throw fault("-- stands in a comment") }
    }

    private mutating func skipInstruction() throws(InvalidXML) {
        position += 2
        let target = try name()
        guard target.lowercased() != "xml" else { throw fault("the XML declaration does not stand first") }
        guard position < bytes.count, Self.isSpace(bytes[position]) || starts(with: "?>") else { throw fault("a processing instruction is not one") }
        position = try end(of: "?>", "a processing instruction") + 2
    }

    // MARK: Bytes

    private func fault(_ reason: String) -> InvalidXML { InvalidXML(reason, at: position) }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard starts(with: text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    /// Where `mark` stands next.
    private func end(of mark: StaticString, _ what: String) throws(InvalidXML) -> Int {
        var ahead = self
        while ahead.position < bytes.count {
            if ahead.starts(with: mark) { return ahead.position }
            ahead.position += 1
        }
        throw fault("\(what) does not end")
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        return position > start
    }

    private static func string(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// Beyond ASCII everything: names that mean something here have none of it.
    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...: true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): !isFirst
        default: false
        }
    }

    private static func withLineFeeds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == 0x0D {
                result.append(0x0A)
            } else if byte != 0x0A || previous != 0x0D {
                result.append(byte)
            }
            previous = byte
        }
        return result
    }

    /// In bytes that are UTF-8.
    private static func illegalCharacter(in bytes: [UInt8]) -> Int? {
        for (place, byte) in bytes.enumerated() {
            if byte < 0x20, !isSpace(byte) { return place }
            // U+FFFE and U+FFFF.
            if byte == 0xEF, place + 2 < bytes.count, bytes[place + 1] == 0xBF, bytes[place + 2] >= 0xBE { return place }
        }
        return nil
    }
}
