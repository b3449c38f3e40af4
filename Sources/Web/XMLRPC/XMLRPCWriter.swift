// Writes answers.

/// Puts values into one buffer. Characters that XML has no way to write are left out, so that every answer can be read.
struct XMLRPCWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    // MARK: Answers

    static func answer(_ value: XMLRPCValue) -> [UInt8] {
        var writer = XMLRPCWriter()
        writer.begin()
        writer.write(value)
        writer.end()
        return writer.bytes
    }

    static func answer(_ fault: XMLRPCFault) -> [UInt8] {
        var writer = XMLRPCWriter()
        writer.write(raw: "<?xml version=\"1.0\"?>\n<methodResponse><fault>")
        writer.write(.structure([.init(name: "faultCode", value: .int(Int64(fault.code))), .init(name: "faultString", value: .string(fault.text))]))
        writer.write(raw: "</fault></methodResponse>\n")
        return writer.bytes
    }

    /// Everything up to the one value of an answer: for one that is written in pieces.
    mutating func begin() { write(raw: "<?xml version=\"1.0\"?>\n<methodResponse><params><param>") }

    /// Everything behind it.
    mutating func end() { write(raw: "</param></params></methodResponse>\n") }

    // MARK: Values

    mutating func write(_ value: XMLRPCValue) {
        write(raw: "<value>")
        switch value {
        case .none: write(raw: "<nil/>")
        case .int(let number): write(number)
        case .bool(let isTrue): write(raw: isTrue ? "<boolean>1</boolean>" : "<boolean>0</boolean>")
        case .double(let number):
            write(raw: "<double>")
            bytes.append(contentsOf: "\(number)".utf8)
            write(raw: "</double>")
        case .string(let text): write(text, in: "string")
        case .date(let text): write(text, in: "dateTime.iso8601")
        case .base64(let text): write(text, in: "base64")
        case .array(let elements):
            write(raw: "<array><data>")
            for element in elements { write(element) }
            write(raw: "</data></array>")
        case .structure(let members):
            beginStructure()
            for member in members { write(member) }
            endStructure()
        }
        write(raw: "</value>")
    }

    mutating func beginStructure() { write(raw: "<struct>") }

    mutating func endStructure() { write(raw: "</struct>") }

    mutating func write(_ member: XMLRPCValue.Member) {
        write(raw: "<member>")
        write(member.name, in: "name")
        write(member.value)
        write(raw: "</member>")
    }

    mutating func write(raw text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func write(_ number: Int64) {
        write(raw: "<int>")
        bytes.append(contentsOf: String(number).utf8)
        write(raw: "</int>")
    }

    private mutating func write(_ text: String, in element: StaticString) {
        write(raw: "<")
        write(raw: element)
        write(raw: ">")
        write(text: text)
        write(raw: "</")
        write(raw: element)
        write(raw: ">")
    }

    private mutating func write(text: String) {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x80 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "&") }) {
            return bytes.append(contentsOf: text.utf8)
        }
        for scalar in text.unicodeScalars where XMLCharacter.isLegal(scalar) {
            switch scalar {
            case "<": write(raw: "&lt;")
            case ">": write(raw: "&gt;")
            case "&": write(raw: "&amp;")
            // As itself a reader would take it for a line feed.
            case "\r": write(raw: "&#13;")
            default: bytes.append(contentsOf: String(Character(scalar)).utf8)
            }
        }
    }
}
