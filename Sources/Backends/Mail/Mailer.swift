/// Sends mails.
///
/// Of one mail it is said once whether it went. Whether to try again is its caller's matter: ``MailError/isWorthRetrying``.
public protocol Mailer: Sendable {
    /// Sends a mail to its recipient.
    ///
    /// Returns when whoever is next on its way has taken it. Cancelling the task does not end it; its own time limits do.
    /// - Throws: ``MailError``.
    func send(_ message: MailMessage) async throws(MailError)
}
