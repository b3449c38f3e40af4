/// What a server can do, as its answer to EHLO says (RFC 5321 §4.1.1.1).
struct SMTPCapabilities: Sendable, Hashable {
    var hasSTARTTLS = false
    var hasPipelining = false
    var has8BitMIME = false
    var hasSMTPUTF8 = false
    /// In bytes; `nil` when the server does not know the word, 0 when it says no limit (RFC 1870).
    var size: Int?
    /// In capitals.
    var mechanisms: Set<String> = []

    /// Those of a server that knows HELO only.
    init() {}

    init(_ reply: SMTPReply) {
        // The first line is the server's name.
        for line in reply.lines.dropFirst() {
            // `AUTH=` is how it was written before it was a standard.
            let words = line.split { $0 == 0x20 || $0 == UInt8(ascii: "=") }.map { String(decoding: $0, as: UTF8.self).uppercased() }
            switch words.first {
            case "STARTTLS": hasSTARTTLS = true
            case "PIPELINING": hasPipelining = true
            case "8BITMIME": has8BitMIME = true
            case "SMTPUTF8": hasSMTPUTF8 = true
            case "SIZE": size = words.count > 1 ? Int(words[1]).flatMap { $0 < 0 ? nil : $0 } ?? 0 : 0
            case "AUTH": mechanisms.formUnion(words.dropFirst())
            default: break
            }
        }
    }
}
