/// Why a mail did not go. Its description holds no address, nothing of the mail and no password.
public enum MailError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mail was not taken: there is no connection, or it broke before the server had all of it.
    case unavailable(String)
    /// The server had all of the mail and did not answer: sent again, it may come twice, with the same Message-ID.
    case unanswered(String)
    /// The server does not take it now (4xx).
    case deferred(SMTPRefusal)
    /// The server will not take it (5xx).
    case refused(SMTPRefusal)
    /// No mail goes until somebody sees to the settings or to the server: a login that is refused, a certificate that is not believed.
    case misconfigured(String)
    /// The server can not take such a mail: it is too large, or has an internationalized address.
    case unsendable(String)

    /// Whether the same mail may go when it is tried again.
    public var isWorthRetrying: Bool {
        switch self {
        case .unavailable, .unanswered, .deferred, .misconfigured: true
        case .refused, .unsendable: false
        }
    }

    /// The recipient's address, when it is that which the server will not take.
    public var refusedRecipient: String? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.recipient
    }

    public var description: String {
        switch self {
        case .unavailable(let reason): "the mail was not sent: \(reason)"
        case .unanswered(let reason): "the mail may have been sent, but that was not confirmed: \(reason)"
        case .deferred(let refusal): "the mail was not taken now: \(refusal)"
        case .refused(let refusal): "the mail was refused: \(refusal)"
        case .misconfigured(let reason): "mails can not be sent: \(reason)"
        case .unsendable(let reason): "the mail can not be sent: \(reason)"
        }
    }

    /// For a metric.
    public var kind: String {
        switch self {
        case .unavailable: "unavailable"
        case .unanswered: "unanswered"
        case .deferred: "deferred"
        case .refused: "refused"
        case .misconfigured: "misconfigured"
        case .unsendable: "unsendable"
        }
    }
}
