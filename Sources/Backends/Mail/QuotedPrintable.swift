/// Text in lines of ASCII, 76 at most (RFC 2045 §6.7).
enum QuotedPrintable {
    /// - Parameter text: its lines, however they end, end in CRLF afterwards; a last one without an end stays without.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        output.reserveCapacity(bytes.count + bytes.count / 16)
        var column = 0
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x0A || byte == 0x0D {
                if byte == 0x0D, place < bytes.count, bytes[place] == 0x0A { place += 1 }
                output += [0x0D, 0x0A]
                column = 0
                continue
            }
            let endsLine = place == bytes.count || bytes[place] == 0x0A || bytes[place] == 0x0D
            let isPlain =
                switch byte {
                case UInt8(ascii: "="): false
                // White space at the end of a line is lost on the way.
                case 0x20, 0x09: !endsLine
                // `From ` at the beginning of a line is altered by whoever keeps mails in one file.
                case UInt8(ascii: "F"): column > 0 || !bytes[place...].starts(with: "rom ".utf8)
                default: (0x21...0x7E).contains(byte)
                }
            let width = isPlain ? 1 : 3
            // The last one of a line needs no room for the `=` that says that the line goes on.
            if column + width > (endsLine ? 76 : 75) {
                output += Array("=\r\n".utf8)
                column = 0
                // It stands at the beginning of a line now.
                if byte == UInt8(ascii: "F"), bytes[place...].starts(with: "rom ".utf8) {
                    output += Array("=46".utf8)
                    column = 3
                    continue
                }
            }
            if isPlain { output.append(byte) } else { output += hexadecimal(byte) }
            column += width
        }
        return output
    }

    static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
