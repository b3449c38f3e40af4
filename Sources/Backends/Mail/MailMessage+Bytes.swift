// A mail as it is sent.

extension MailMessage {
    /// The mail by RFC 5322 and MIME (RFC 2045-2047): lines end in CRLF, all but an internationalized address is ASCII, and the same mail is always
    /// the same bytes.
    public var bytes: [UInt8] {
        var fields = HeaderFields()
        fields.add("From", address: sender)
        fields.add("To", address: recipient)
        fields.add("Subject", text: subject)
        fields.add("Date", raw: MailDate.text(date))
        fields.add("Message-ID", raw: "<\(id)>")
        for header in headers { fields.add(header.name, text: header.value) }
        fields.add("MIME-Version", raw: "1.0")
        guard let html else {
            let bytes = fields.bytes + Self.part("plain", text)
            // SMTP has no lines without an end.
            return bytes.last == 0x0A ? bytes : bytes + Array("\r\n".utf8)
        }
        fields.add("Content-Type", raw: "multipart/alternative; boundary=\"\(Self.boundary)\"")
        var bytes = fields.bytes + Array("\r\n".utf8)
        // The last one is the one to be preferred.
        for (kind, content) in [("plain", text), ("html", html)] {
            bytes += Array("--\(Self.boundary)\r\n".utf8) + Self.part(kind, content) + Array("\r\n".utf8)
        }
        return bytes + Array("--\(Self.boundary)--\r\n".utf8)
    }

    /// In quoted-printable no line can hold `=_`: it is in no part of any mail.
    private static let boundary = "=_alternative"

    private static func part(_ kind: String, _ content: String) -> [UInt8] {
        Array("Content-Type: text/\(kind); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".utf8)
            + QuotedPrintable.encode(content)
    }
}
