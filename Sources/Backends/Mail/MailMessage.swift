/// One mail to one recipient.
///
/// Whatever its fields hold, they stay what they are: nothing in one of them can end a header and begin another, for that does not get past the
/// initializers.
public struct MailMessage: Sendable, Hashable {
    public let sender: MailAddress
    public let recipient: MailAddress
    public let subject: String
    /// For people who read text, and what every mail has.
    public let text: String
    /// The same as a page of HTML.
    public let html: String?
    /// Without its angle brackets. Sent again, a mail keeps it: so it can be told that there are two of it.
    public let id: String
    /// Microseconds since 1970.
    public let date: Int64
    public let headers: [MailHeader]

    static let subjectLimit = 2000
    static let partLimit = 4 << 20
    static let headerLimit = 20

    /// - Parameters:
    ///   - text: lines may end in any way.
    ///   - id: `LEFT@RIGHT`, unlike that of any other mail of any server.
    ///   - date: microseconds since 1970.
    /// - Throws: ``InvalidMail``.
    public init(
        from sender: MailAddress,
        to recipient: MailAddress,
        subject: String,
        text: String,
        html: String? = nil,
        id: String,
        date: Int64,
        headers: [MailHeader] = []
    ) throws(InvalidMail) {
        guard !subject.unicodeScalars.contains(where: \.isControl) else { throw .control(field: "the subject") }
        guard subject.utf8.count <= Self.subjectLimit else { throw .tooLong(field: "the subject", limit: Self.subjectLimit) }
        for (field, part) in [("the text", text), ("the HTML", html ?? "")] {
            guard !part.utf8.contains(0) else { throw .control(field: field) }
            guard part.utf8.count <= Self.partLimit else { throw .tooLong(field: field, limit: Self.partLimit) }
        }
        guard Self.isMessageID(id) else { throw .messageID }
        guard (0..<253_402_300_800_000_000).contains(date) else { throw .date }
        guard headers.count <= Self.headerLimit else { throw .tooManyHeaders(limit: Self.headerLimit) }
        var names: Set<String> = []
        for header in headers {
            guard names.insert(header.name.lowercased()).inserted else { throw .reservedHeader(header.name) }
        }
        self.sender = sender
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.html = html
        self.id = id
        self.date = date
        self.headers = headers
    }

    /// `msg-id` of RFC 5322 §3.6.4 in dot-atom form.
    private static func isMessageID(_ id: String) -> Bool {
        guard id.utf8.count <= 250, id.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        let sides = id.split(separator: "@", omittingEmptySubsequences: false)
        return sides.count == 2
            && sides.allSatisfy { side in
                side.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(\.isAtomText) }
            }
    }
}
