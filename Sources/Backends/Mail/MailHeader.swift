/// A header that a mail has beside those that each has, such as `Auto-Submitted: auto-generated`.
public struct MailHeader: Sendable, Hashable {
    public let name: String
    public let value: String

    /// - Throws: ``InvalidMail``: `.headerName`; `.reservedHeader` for one that every mail has or that a server makes; `.control`; `.tooLong`.
    public init(_ name: String, _ value: String) throws(InvalidMail) {
        let isNamed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isNamed, (1...40).contains(name.utf8.count) else { throw .headerName }
        let folded = name.lowercased()
        guard !Self.reserved.contains(folded), !folded.hasPrefix("content-"), !folded.hasPrefix("resent-") else { throw .reservedHeader(name) }
        guard !value.unicodeScalars.contains(where: \.isControl) else { throw .control(field: "the header \(name)") }
        guard value.utf8.count <= Self.limit else { throw .tooLong(field: "the header \(name)", limit: Self.limit) }
        self.name = name
        self.value = value
    }

    /// One word, such as a URL, can not be folded, and a line has no more than 998 bytes (RFC 5322 §2.1.1).
    static let limit = 900

    private static let reserved: Set<String> = [
        "bcc", "cc", "date", "from", "message-id", "mime-version", "received", "return-path", "sender", "subject", "to",
    ]
}
