/// Sends nothing, and notes to whom it would have gone, with its subject; never what it says, for links in it let in whoever has them.
public struct LogMailer: Mailer {
    private let note: @Sendable (_ recipient: String, _ subject: String) -> Void

    /// - Parameter note: gets a recipient's address and a subject, both without line breaks.
    public init(_ note: @escaping @Sendable (_ recipient: String, _ subject: String) -> Void) { self.note = note }

    public func send(_ message: MailMessage) async throws(MailError) { note(message.recipient.address, message.subject) }
}
