import SQLDatabase

/// A mail that is to be sent: what it is about, and whom. Its words, and the links in it, are made when it goes out: what waits in the database opens nothing.
package enum Mail: Sendable, Hashable, Codable {
    /// To an address, to prove that it is its user's.
    case verifyEmail(emailID: Int64)
    /// To the address that a new password was asked for.
    case passwordReset(emailID: Int64)
    case passwordChange(userID: Int64)
    /// To another address of the user.
    case newEmailAdded(emailID: Int64, added: String)
    /// To the address that was the primary one.
    case primaryEmailChange(userID: Int64, old: String, new: String)
    case twoFactorAdded(userID: Int64, method: String)
    case twoFactorRemoved(userID: Int64, method: String)
    case recoveryCodesGenerated(userID: Int64)
    case recoveryCodeUsed(userID: Int64)
    /// To somebody who has a second factor and nothing to replace it with.
    case recoveryCodeReminder(userID: Int64)
    /// Somebody has logged in from where the user has never been, as far as a mail that has to be answered.
    case unrecognizedLogin(loginID: String)
    /// The password is on a public list; nobody logs in with it any more.
    case passwordCompromised(userID: Int64)
    /// To the address of somebody who is no user any more.
    case accountDeleted(username: String, address: String)
    case termsUpdated(userID: Int64, revision: String)

    /// Its name in the log of sent mails (platform §5.2).
    package var kind: String {
        switch self {
        case .verifyEmail: "verify-email"
        case .passwordReset: "password-reset"
        case .passwordChange: "password-change"
        case .newEmailAdded: "new-email-added"
        case .primaryEmailChange: "primary-email-change"
        case .twoFactorAdded: "two-factor-added"
        case .twoFactorRemoved: "two-factor-removed"
        case .recoveryCodesGenerated: "recovery-codes-generated"
        case .recoveryCodeUsed: "recovery-code-used"
        case .recoveryCodeReminder: "recovery-code-reminder"
        case .unrecognizedLogin: "unrecognized-login"
        case .passwordCompromised: "password-compromised-hibp"
        case .accountDeleted: "account-deleted"
        case .termsUpdated: "user-terms-of-service-updated"
        }
    }
}

/// Whom a mail goes to.
struct MailRecipient: Sendable {
    /// `nil` for somebody who has deleted their account.
    let user: User?
    let username: String
    let address: String

    init(_ user: User, _ address: String) {
        self.user = user
        username = user.username
        self.address = address
    }

    init(formerUser username: String, _ address: String) {
        user = nil
        self.username = username
        self.address = address
    }

    /// What they are called before their address.
    var displayName: String { user.map { $0.name.isEmpty ? $0.username : $0.name } ?? username }
}

extension Connection {
    /// Whom a mail goes to now; `nil` where there is nobody any more, or no address that is known to be theirs.
    func recipient(of mail: Mail) throws -> MailRecipient? {
        switch mail {
        case .verifyEmail(let emailID), .passwordReset(let emailID), .newEmailAdded(let emailID, _):
            guard let (email, userID) = try emails.find(id: emailID), let user = try users.find(id: userID) else { return nil }
            // Who has proved an address since needs no other proof; what is no proof yet is told nothing.
            switch mail {
            case .verifyEmail: if email.isVerified { return nil }
            default: if !email.isVerified { return nil }
            }
            return MailRecipient(user, email.address)
        case .primaryEmailChange(let userID, let old, _):
            return try users.find(id: userID).map { MailRecipient($0, old) }
        case .passwordChange(let userID), .twoFactorAdded(let userID, _), .twoFactorRemoved(let userID, _), .recoveryCodesGenerated(let userID),
            .recoveryCodeUsed(let userID), .recoveryCodeReminder(let userID), .termsUpdated(let userID, _):
            guard let user = try users.find(id: userID), let address = try emails.verifiedPrimary(userID: userID) else { return nil }
            return MailRecipient(user, address)
        case .unrecognizedLogin(let loginID):
            // Without it a second factor would open nothing, verified or not.
            guard let login = try pendingLogins.find(loginID), let user = try users.find(id: login.userID) else { return nil }
            return try emails.primary(userID: user.id).map { MailRecipient(user, $0) }
        case .passwordCompromised(let userID):
            guard let user = try users.find(id: userID) else { return nil }
            return try emails.primary(userID: userID).map { MailRecipient(user, $0) }
        case .accountDeleted(let username, let address): return MailRecipient(formerUser: username, address)
        }
    }
}
