/// Makes replies of bytes as they come in. Does no IO.
struct SMTPReplyParser: Sendable {
    /// Longer than any server's, so that whoever is at the other end can not exhaust memory.
    static let lineLimit = 2048
    static let lineCount = 100

    private var line: [UInt8] = []
    private var code: Int?
    private var lines: [[UInt8]] = []

    /// Whether nothing of another reply has come.
    var isBetweenReplies: Bool { line.isEmpty && lines.isEmpty }

    /// - Returns: a reply, when this was its last byte.
    /// - Throws: `SMTPFault`; after that nothing that follows can be understood.
    mutating func consume(_ byte: UInt8) throws(SMTPFault) -> SMTPReply? {
        guard byte == 0x0A else {
            guard line.count < Self.lineLimit else { throw .longLine }
            line.append(byte)
            return nil
        }
        // There are servers that leave the CR out.
        if line.last == 0x0D { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        guard line.count >= 3, line[..<3].allSatisfy({ (0x30...0x39).contains($0) }), (0x32...0x35).contains(line[0]) else { throw .noReply }
        let number = line[..<3].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard code ?? number == number else { throw .mixedCodes }
        let separator = line.count > 3 ? line[3] : 0x20
        guard separator == 0x20 || separator == UInt8(ascii: "-") else { throw .noReply }
        guard lines.count < Self.lineCount else { throw .manyLines }
        code = number
        lines.append(Array(line.dropFirst(4)))
        guard separator == 0x20 else { return nil }
        defer {
            code = nil
            lines = []
        }
        return SMTPReply(code: number, lines: lines)
    }
}

/// Why what a server says is no reply, or not the one that was due.
enum SMTPFault: Error, Sendable, Hashable, CustomStringConvertible {
    case noReply
    case longLine
    case manyLines
    case mixedCodes
    /// Such as 354 to a greeting.
    case wrongCode(Int)
    /// Something was said before anything was asked.
    case unasked
    /// Something was said after STARTTLS was agreed to and before the connection was encrypted: somebody may have put it there.
    case beforeEncryption

    var description: String {
        switch self {
        case .noReply: "a line is no reply of SMTP"
        case .longLine: "a line has more than \(SMTPReplyParser.lineLimit) bytes"
        case .manyLines: "a reply has more than \(SMTPReplyParser.lineCount) lines"
        case .mixedCodes: "the lines of a reply have different numbers"
        case .wrongCode(let code): "\(code) is no answer to this"
        case .unasked: "the server answered what nobody asked"
        case .beforeEncryption: "something was said between STARTTLS and the encryption"
        }
    }
}
