// What mails say.

/// The words of a mail, before they are laid out.
struct MailWords: Sendable, Hashable {
    enum Paragraph: Sendable, Hashable {
        case text(String)
        /// A link on a line of its own, and what a button with it says.
        case link(String, button: String)
    }

    let subject: String
    let paragraphs: [Paragraph]
}

extension PackageIndex {
    /// - Parameter lastLogin: the user's, in microseconds since 1970.
    func words(of mail: Mail, to recipient: MailRecipient, lastLogin: Int64?) -> MailWords {
        let name = recipient.user.username
        let host = links.host
        let notYou = MailWords.Paragraph.text(
            "If this was not you, somebody else has your account: set a new password at \(links.base)/account/request-password-reset/ and look through your account."
        )
        switch mail {
        case .verifyEmail(let emailID):
            return MailWords(
                subject: "Verify your email address",
                paragraphs: [
                    .text(
                        "The user \(name) of \(host) says that this is their address. If that is you, open this link within 6 hours, while you are logged in:"
                    ),
                    .link("\(links.base)/account/verify-email/?token=\(emailToken(emailID, of: recipient))", button: "Verify this address"),
                    .text("If it is not, do nothing: the address will not be used."),
                ]
            )
        case .passwordReset:
            return MailWords(
                subject: "Set a new password",
                paragraphs: [
                    .text(
                        "Somebody, most likely you, asked for a new password for the user \(name) of \(host). To set one, open this link within 6 hours:"
                    ),
                    .link(
                        "\(links.base)/account/reset-password/?token=\(resetToken(of: recipient.user, lastLogin: lastLogin))",
                        button: "Set a new password"
                    ),
                    .text("If it was not you, do nothing: your password stays as it is."),
                ]
            )
        case .passwordChange:
            return MailWords(
                subject: "Your password was changed",
                paragraphs: [.text("The password of the user \(name) of \(host) was changed."), notYou]
            )
        case .newEmailAdded(_, let added):
            return MailWords(
                subject: "An email address was added",
                paragraphs: [.text("The address \(added) was added to the user \(name) of \(host)."), notYou]
            )
        case .primaryEmailChange(_, _, let new):
            return MailWords(
                subject: "Your primary email address was changed",
                paragraphs: [.text("Mails to the user \(name) of \(host) go to \(new) from now on."), notYou]
            )
        case .twoFactorAdded(_, let method):
            return MailWords(
                subject: "A second factor was added",
                paragraphs: [.text("The user \(name) of \(host) now has \(Self.words(ofMethod: method)) as a second factor."), notYou]
            )
        case .twoFactorRemoved(_, let method):
            return MailWords(
                subject: "A second factor was removed",
                paragraphs: [.text("The user \(name) of \(host) no longer has \(Self.words(ofMethod: method)) as a second factor."), notYou]
            )
        case .recoveryCodesGenerated:
            return MailWords(
                subject: "New recovery codes",
                paragraphs: [.text("Recovery codes were made for the user \(name) of \(host). Those from before open nothing any more."), notYou]
            )
        case .recoveryCodeUsed:
            return MailWords(
                subject: "A recovery code was used",
                paragraphs: [.text("A recovery code of the user \(name) of \(host) was used."), notYou]
            )
        }
    }

    private static func words(ofMethod method: String) -> String { method == "totp" ? "an authenticator app" : "a security key" }
}
