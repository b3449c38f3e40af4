/// What a server did not want to do, and what it said.
public struct SMTPRefusal: Sendable, Hashable, CustomStringConvertible {
    /// What it was asked to do.
    public enum Step: String, Sendable, Hashable {
        case greeting = "the connection"
        case encryption = "STARTTLS"
        case login = "the login"
        case sender = "the sender"
        case recipient = "the recipient"
        case content = "the mail itself"
        /// It ended the connection of its own accord.
        case idle = "more mails on this connection"
    }

    public let step: Step
    /// Such as 550 (RFC 5321 §4.2).
    public let code: Int
    /// Such as `5.1.1` (RFC 3463), from servers that say so.
    public let status: String?
    /// What else it said: one line of at most 200 characters, without controls, addresses, links and tokens.
    public let text: String
    /// The recipient's address, when it is that which was not taken.
    public let recipient: String?

    init(_ step: Step, _ reply: SMTPReply, recipient: String? = nil, hiding secret: String? = nil) {
        self.step = step
        code = reply.code
        status = reply.status
        let shown = reply.shown
        let isTelling = secret.map { shown.contains($0) || shown.contains(Base64.encode(Array($0.utf8))) } ?? false
        // What is said to a login may repeat it in part.
        text = step == .login || isTelling ? "" : shown
        self.recipient = recipient
    }

    /// Without the recipient: it is for whoever handles the error, not for the log.
    public var description: String {
        let said = [String(code), status, text.isEmpty ? nil : text].compactMap { $0 }.joined(separator: " ")
        return "the server says to \(step.rawValue): \(said)"
    }
}
