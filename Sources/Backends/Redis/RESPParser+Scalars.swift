// What a single line or string says.

extension RESPParser {
    /// - Returns: `nil` for an attribute.
    static func aggregate(_ kind: UInt8, _ values: [RESPValue]) -> RESPValue? {
        switch kind {
        case UInt8(ascii: "~"): .set(values)
        case UInt8(ascii: ">"): .push(values)
        case UInt8(ascii: "%"): .map(stride(from: 0, to: values.count, by: 2).map { RESPPair(values[$0], values[$0 + 1]) })
        case UInt8(ascii: "|"): nil
        default: .array(values)
        }
    }

    static func string(_ kind: UInt8, _ bytes: [UInt8]) throws(RESPFault) -> RESPValue {
        switch kind {
        case UInt8(ascii: "!"): return .error(RESPError(String(decoding: bytes, as: UTF8.self)))
        case UInt8(ascii: "="):
            guard bytes.count >= 4, bytes[3] == UInt8(ascii: ":"), bytes[..<3].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw .invalidLine(kind: kind)
            }
            return .verbatim(format: String(decoding: bytes[..<3], as: UTF8.self), Array(bytes[4...]))
        default: return .bulk(bytes)
        }
    }

    static func text(_ content: UnsafeRawBufferPointer, _ kind: UInt8) throws(RESPFault) -> String {
        guard !content.contains(0x0D) else { throw .invalidLine(kind: kind) }
        return String(decoding: content, as: UTF8.self)
    }

    /// A sign, if any, and digits that fit.
    static func number(_ content: UnsafeRawBufferPointer, _ kind: UInt8) throws(RESPFault) -> Int64 {
        let isSigned = content.first == UInt8(ascii: "-") || content.first == UInt8(ascii: "+")
        let isNegative = content.first == UInt8(ascii: "-")
        let digits = content.dropFirst(isSigned ? 1 : 0)
        guard !digits.isEmpty, digits.count <= 19 else { throw .invalidLine(kind: kind) }
        var number: Int64 = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .invalidLine(kind: kind) }
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (ten, overflows) = number.multipliedReportingOverflow(by: 10)
            // Negative all along: there is one more number below zero than above.
            let (next, overflowsToo) = ten.subtractingReportingOverflow(digit)
            guard !overflows, !overflowsToo else { throw .invalidLine(kind: kind) }
            number = next
        }
        guard isNegative || number != .min else { throw .invalidLine(kind: kind) }
        return isNegative ? number : -number
    }

    static func double(_ content: UnsafeRawBufferPointer) throws(RESPFault) -> Double {
        let text = String(decoding: content, as: UTF8.self)
        switch text {
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        case "nan", "-nan": return .nan
        default:
            // Swift's own reading would also take hexadecimal and words.
            guard content.count <= 400, content.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text) else {
                throw .invalidLine(kind: UInt8(ascii: ","))
            }
            return number
        }
    }

    static func bigNumber(_ content: UnsafeRawBufferPointer) throws(RESPFault) -> String {
        let digits = content.first == UInt8(ascii: "-") || content.first == UInt8(ascii: "+") ? content.dropFirst() : content[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            throw .invalidLine(kind: UInt8(ascii: "("))
        }
        return (content.first == UInt8(ascii: "-") ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }
}
