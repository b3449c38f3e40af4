import Credentials
import SQLDatabase

extension PackageIndex {
    func emailToken(_ emailID: Int64, of recipient: MailRecipient) -> String {
        secrets.timedTokens.sign(["action": "email-verify", "email.id": String(emailID), "address": recipient.address], for: .email, at: clock.now())
    }

    /// An address is its user's: they opened the link that was sent there (platform §1.12).
    ///
    /// - Throws: ``Rejection``: `invalid` for a link that is no good any more, or is another user's.
    package func verifyEmail(_ token: String?, of user: User, source: RequestSource) async throws -> String {
        let said: TimedToken
        do {
            said = try secrets.timedTokens.verify(token, for: .email, at: clock.now())
        } catch .expired {
            throw Rejection(.invalid, "This link is older than 6 hours. Ask for another one.")
        } catch {
            throw Rejection(.invalid, "This link is not whole. Open it as it stands in the mail.")
        }
        guard said.values["action"] == "email-verify", let id = said.values["email.id"].flatMap({ Int64($0) }) else {
            throw Rejection(.invalid, "This link is for something else.")
        }
        let now = clock.now()
        let address = try await database.write { tx in
            guard let (email, userID) = try tx.emails.find(id: id), userID == user.id, email.address == said.values["address"] else {
                throw Rejection(.invalid, "This link is for another account. Log in as the user who added the address.")
            }
            if !email.isVerified {
                try tx.emails.setVerified(id: id)
                try tx.events.record(.user(user.id), "account:email:verified", ["email": email.address], source: source, now: now)
            }
            return email.address
        }
        await limiter.clear(.verificationsByUser, user.uuid)
        await limiter.clear(.addressesByPlace, source.place)
        return address
    }

    /// Sends the link again.
    ///
    /// - Throws: ``Rejection``: `notFound` for an address that is not the user's, `rateLimited`.
    package func resendVerification(of emailID: Int64, of user: User, source: RequestSource) async throws {
        let now = clock.now()
        if let seconds = await limiter.hit(.verificationsByUser, user.uuid) {
            throw Rejection(.rateLimited(retryAfter: seconds), "That mail was sent a few times already; try again in \(RateLimit.words(seconds)).")
        }
        try await database.write { tx in
            guard let (email, userID) = try tx.emails.find(id: emailID), userID == user.id, !email.isVerified else {
                throw Rejection(.notFound, "You have no such address to verify.")
            }
            try tx.events.record(.user(user.id), "account:email:reverify", ["email": email.address], source: source, now: now)
            try tx.send(.verifyEmail(emailID: emailID), now: now)
        }
    }
}
