// Quoted strings in markers are Python string literals.

/// Reads a Python string literal, since markers are read as Python source would be.
enum PythonStringLiteral {
    /// The value of a literal given with its quotes; nil when Python would not accept it.
    ///
    /// Two things Python accepts are refused: `\N{…}` names, and escapes for lone surrogates, which UTF-8 cannot hold.
    static func value(of quoted: ArraySlice<UInt8>) -> String? {
        let content = quoted.dropFirst().dropLast()
        if !content.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0 || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            return String(decoding: content, as: UTF8.self)
        }
        var result: [UInt8] = []
        var rest = content
        while let byte = rest.popFirst() {
            switch byte {
            case 0, UInt8(ascii: "\n"), UInt8(ascii: "\r"): return nil
            case UInt8(ascii: "\\"):
                guard appendEscape(&rest, to: &result) else { return nil }
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func appendEscape(_ rest: inout ArraySlice<UInt8>, to result: inout [UInt8]) -> Bool {
        // Without a byte after it the backslash would escape the closing quote.
        guard let kind = rest.popFirst() else { return false }
        switch kind {
        case 0, UInt8(ascii: "N"): return false
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "\r"):
            if rest.first == UInt8(ascii: "\n") { rest.removeFirst() }
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(kind)
        case UInt8(ascii: "a"): result.append(0x07)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "v"): result.append(0x0B)
        case UInt8(ascii: "x"): return appendHexadecimal(2, &rest, to: &result)
        case UInt8(ascii: "u"): return appendHexadecimal(4, &rest, to: &result)
        case UInt8(ascii: "U"): return appendHexadecimal(8, &rest, to: &result)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var value = UInt32(kind - 0x30)
            for _ in 0..<2 {
                guard let digit = rest.first, digit >= 0x30, digit <= 0x37 else { break }
                value = value * 8 + UInt32(digit - 0x30)
                rest.removeFirst()
            }
            return append(value, to: &result)
        default:
            // An escape Python does not know stands for itself.
            result.append(UInt8(ascii: "\\"))
            result.append(kind)
        }
        return true
    }

    private static func appendHexadecimal(_ count: Int, _ rest: inout ArraySlice<UInt8>, to result: inout [UInt8]) -> Bool {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ PythonText.isDigit($0) || (0x61...0x66).contains($0 | 0x20) }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return false }
        rest.removeFirst(count)
        return append(value, to: &result)
    }

    private static func append(_ value: UInt32, to result: inout [UInt8]) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        result.append(contentsOf: Array(String(Character(scalar)).utf8))
        return true
    }
}
