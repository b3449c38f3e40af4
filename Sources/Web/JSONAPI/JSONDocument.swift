import Packaging

/// A JSON value, written in the order in which it was made.
enum JSONDocument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
    case null
    case bool(Bool)
    case number(Int64)
    case string(String)
    case array([JSONDocument])
    case object([(key: String, value: JSONDocument)])

    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// A list of texts; `null` for an empty one where `isNullWhenEmpty`.
    init(_ texts: [String], isNullWhenEmpty: Bool = false) {
        self = isNullWhenEmpty && texts.isEmpty ? .null : .array(texts.map { .string($0) })
    }

    /// With a line feed at the end.
    var bytes: [UInt8] {
        var buffer = DocumentBuffer(capacity: 4096)
        write(to: &buffer)
        buffer.append("\n")
        return buffer.bytes
    }

    private func write(to buffer: inout DocumentBuffer) {
        switch self {
        case .null: buffer.append("null")
        case .bool(let value): if value { buffer.append("true") } else { buffer.append("false") }
        case .number(let value): buffer.append(value)
        case .string(let value): buffer.append(json: value)
        case .array(let values):
            buffer.append("[")
            for (place, value) in values.enumerated() {
                if place > 0 { buffer.append(",") }
                value.write(to: &buffer)
            }
            buffer.append("]")
        case .object(let members):
            buffer.append("{")
            for (place, member) in members.enumerated() {
                if place > 0 { buffer.append(",") }
                buffer.append(json: member.key)
                buffer.append(":")
                member.value.write(to: &buffer)
            }
            buffer.append("}")
        }
    }
}
