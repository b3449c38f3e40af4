// What mails say.

import SQLDatabase

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

/// What a mail says besides, as it is when it goes out.
struct MailFacts: Sendable {
    /// The user's, in microseconds since 1970.
    var lastLogin: Int64?
    var login: PendingPlace?

    init(of mail: Mail, to recipient: MailRecipient, _ tx: any Connection) throws {
        lastLogin = try recipient.user.flatMap { try tx.users.lastLogin($0.id) }
        if case .unrecognizedLogin(let id) = mail { login = try tx.pendingLogins.find(id) }
    }
}

extension PackageIndex {
    func words(of mail: Mail, to recipient: MailRecipient, _ facts: MailFacts) -> MailWords {
        let name = recipient.username
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
                        "\(links.base)/account/reset-password/?token=\(recipient.user.map { resetToken(of: $0, lastLogin: facts.lastLogin) } ?? "")",
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
        case .recoveryCodeReminder:
            return MailWords(
                subject: "You have no recovery codes",
                paragraphs: [
                    .text(
                        "The user \(name) of \(host) has no recovery code left. Without one, whoever loses their second factor loses their account. Make new ones:"
                    ),
                    .link("\(links.base)/manage/account/two-factor/", button: "Second factors"),
                ]
            )
        case .unrecognizedLogin:
            let token = facts.login.flatMap { login in recipient.user.map { placeToken(login, $0) } } ?? ""
            let agent = UserAgent(facts.login?.userAgent ?? "").words
            return MailWords(
                subject: "A login from a new place",
                paragraphs: [
                    .text(
                        "Somebody with the password and a second factor of the user \(name) of \(host) wants to log in from \(facts.login?.address ?? "an unknown place") with \(agent). If that is you, open this link within 6 hours, on the device that you logged in on:"
                    ),
                    .link("\(links.base)/account/confirm-login/?token=\(token)", button: "Log in from there"),
                    .text(
                        "If it is not, do not open it, and set a new password at once: \(links.base)/account/request-password-reset/. Whoever it is has your password, and a code of yours."
                    ),
                ]
            )
        case .passwordCompromised:
            return MailWords(
                subject: "Your password is on a public list",
                paragraphs: [
                    .text(
                        "The password of the user \(name) of \(host) is on a list of passwords that were stolen elsewhere and published. Nobody can log in with it any more. Set another one, and change it wherever else you use it:"
                    ),
                    .link("\(links.base)/account/request-password-reset/", button: "Set a new password"),
                ]
            )
        case .accountDeleted:
            return MailWords(
                subject: "Your account was deleted",
                paragraphs: [
                    .text("The account of the user \(name) of \(host) was deleted, as was asked for there. Its user name is free again."),
                    .text("If this was not you, write to the people who run this index at once."),
                ]
            )
        case .termsUpdated:
            return MailWords(
                subject: "The terms of service have changed",
                paragraphs: [
                    .text("The terms under which \(host) can be used have changed. Read them:"),
                    .link("\(links.base)/account/view-terms-of-service/", button: "Terms of service"),
                    .text("Whoever goes on using the index agrees to them."),
                ]
            )
        }
    }

    private static func words(ofMethod method: String) -> String { method == "totp" ? "an authenticator app" : "a security key" }
}
