/// A mail, and what the server is told of it (RFC 5321 §2.3.1).
public struct SMTPEnvelope: Sendable, Hashable {
    let sender: String
    let recipient: String
    /// Its lines end in CRLF.
    let content: [UInt8]
    let needsSMTPUTF8: Bool

    public init(_ message: MailMessage) {
        sender = message.sender.address
        recipient = message.recipient.address
        content = message.bytes
        needsSMTPUTF8 = message.sender.needsSMTPUTF8 || message.recipient.needsSMTPUTF8
    }

    var isEightBit: Bool { content.contains { $0 >= 0x80 } }

    /// What follows DATA: a dot before each dot at the beginning of a line, and the line with the dot that ends it (RFC 5321 §4.5.2). Of line ends
    /// only CRLF is left, so that nobody takes another for one and reads the rest as commands.
    static func data(_ content: [UInt8]) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(content.count + content.count / 64 + 5)
        var isLineStart = true
        var previous: UInt8 = 0
        for byte in content {
            switch byte {
            case 0x0A where previous == 0x0D: break
            case 0x0A, 0x0D:
                data += [0x0D, 0x0A]
                isLineStart = true
            default:
                if isLineStart, byte == UInt8(ascii: ".") { data.append(byte) }
                data.append(byte)
                isLineStart = false
            }
            previous = byte
        }
        return data + (isLineStart ? Array(".\r\n".utf8) : Array("\r\n.\r\n".utf8))
    }
}
