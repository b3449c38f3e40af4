import Backends
import Credentials
import Logging
import SQLDatabase

extension PackageIndex {
    /// Whether a password is on the public list of stolen ones (platform §1.4). Where no list is asked, or none answers, nothing is: a service that is away keeps
    /// nobody out.
    func isLeaked(_ password: String) async -> Bool {
        guard let breaches else { return false }
        let range = BreachRange(password: password)
        do {
            return try range.count(in: await breaches.range(range.prefix, limit: BreachRange.longestAnswer)) > 0
        } catch {
            logger.warning("Whether a password has leaked could not be asked.", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Takes a password that has leaked away from its user, who has just given it: nobody else shall.
    func disableLeakedPassword(of user: User, source: RequestSource) async throws -> Rejection {
        let now = clock.now()
        try await database.write { tx in
            guard let current = try tx.users.find(id: user.id), current.passwordHash == user.passwordHash, current.passwordDisabledFor == nil else {
                return
            }
            try tx.users.disablePassword(of: user.id, .compromised, now: now)
            let details = ["reason": User.PasswordDisabling.compromised.rawValue]
            try tx.events.record(.user(user.id), "account:password:disabled", details, source: source, now: now)
            try tx.send(.passwordCompromised(userID: user.id), now: now)
        }
        return Self.leakedPassword(of: user)
    }

    static func leakedPassword(of user: User) -> Rejection {
        // Administrators get no link.
        if user.isSuperuser {
            return Rejection(
                .invalid,
                "This password is on a public list of stolen passwords, so it opens nothing here any more. Set another one on the server: emporium user password \(user.username)."
            )
        }
        return Rejection(
            .invalid,
            "This password is on a public list of stolen passwords, so it opens nothing here any more. Set another one by \"Forgotten your password?\"."
        )
    }
}
