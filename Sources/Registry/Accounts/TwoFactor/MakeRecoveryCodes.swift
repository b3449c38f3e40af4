package import Credentials
import Localization
import SQLDatabase

extension PackageIndex {
    /// New recovery codes in the place of all that there were. They are shown once and kept as hashes.
    ///
    /// - Throws: ``Rejection`` `forbidden` while the email address is not verified.
    package func makeRecoveryCodes(of user: User, source: RequestSource) async throws -> [RecoveryCode] {
        let codes = RecoveryCode.make()
        let hashes = codes.map { secrets.recoveryCodes.hash($0, owner: Array(user.uuid.utf8)) }
        let now = clock.now()
        try await database.write { tx in
            guard try tx.emails.hasVerifiedPrimary(userID: user.id) else { throw Rejection(.forbidden, TwoFactorState.FirstStep.verifyEmail.words) }
            let had = try tx.recoveryCodes.counts(userID: user.id)
            try tx.recoveryCodes.replace(userID: user.id, hashes: hashes, now: now)
            let tag = had.left + had.burned == 0 ? "account:recovery_codes:generated" : "account:recovery_codes:regenerated"
            try tx.events.record(.user(user.id), tag, [:], source: source, now: now)
            try tx.send(.recoveryCodesGenerated(userID: user.id), now: now)
        }
        return codes
    }

    /// Uses up one of a user's codes, as proof that they were kept (platform §2.2).
    package func burnRecoveryCode(_ text: String, of user: User, source: RequestSource) async throws {
        try await useRecoveryCode(text, of: user, source: source, why: "burned to show that they were kept")
    }

    /// - Throws: ``Rejection``: `invalid` (`recovery_code_value`), `rateLimited`.
    func useRecoveryCode(_ text: String, of user: User, source: RequestSource, why: String) async throws {
        let places = try await takeFactorPlace(user, source)
        let candidates = RecoveryCode(text).map { secrets.recoveryCodes.candidates($0, owner: Array(user.uuid.utf8)) } ?? []
        let now = clock.now()
        let outcome = try await database.write { tx -> Message? in
            if try tx.recoveryCodes.burn(candidates, userID: user.id, now: now) {
                try tx.events.record(.user(user.id), "account:recovery_codes:used", ["why": why], source: source, now: now)
                try tx.send(.recoveryCodeUsed(userID: user.id), now: now)
                return nil
            }
            return try tx.noteWrongRecoveryCode(candidates, of: user, source: source, now: now)
        }
        guard let outcome else { return await limiter.giveBack(places) }
        throw Rejection(.invalid, outcome, field: "recovery_code_value")
    }

    /// Whether a code is one that the user can still use. It is not used up.
    ///
    /// - Returns: the code as it is kept.
    /// - Throws: ``Rejection``: `invalid` (`recovery_code_value`), `rateLimited`.
    func findRecoveryCode(_ text: String, of user: User, source: RequestSource) async throws -> String {
        let places = try await takeFactorPlace(user, source)
        let candidates = RecoveryCode(text).map { secrets.recoveryCodes.candidates($0, owner: Array(user.uuid.utf8)) } ?? []
        let now = clock.now()
        let outcome = try await database.write { tx -> (kept: String?, words: Message) in
            if let kept = try tx.recoveryCodes.findUnused(candidates, userID: user.id) { return (kept, "") }
            return (nil, try tx.noteWrongRecoveryCode(candidates, of: user, source: source, now: now))
        }
        if let kept = outcome.kept {
            await limiter.giveBack(places)
            return kept
        }
        throw Rejection(.invalid, outcome.words, field: "recovery_code_value")
    }
}

extension Connection {
    /// - Returns: what is wrong with the code, in words.
    fileprivate func noteWrongRecoveryCode(_ candidates: [String], of user: User, source: RequestSource, now: Int64) throws -> Message {
        let isBurned = try recoveryCodes.isBurned(candidates, userID: user.id)
        let reason = isBurned ? "burned_recovery_code" : "invalid_recovery_code"
        try events.record(.user(user.id), "account:login:failure", ["reason": reason], source: source, now: now)
        return isBurned ? Message("That code has been used before; each works once.") : Message("That is none of your recovery codes.")
    }
}
