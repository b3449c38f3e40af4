import Credentials
import SQLDatabase

extension PackageIndex {
    /// What a browser keeps so that its user is asked for the password alone for 30 days. It ends with the password it was made under, and with every change of
    /// the user's second factors.
    package func deviceToken(for user: User) -> String {
        secrets.timedTokens.sign(
            ["user.id": user.uuid, "password": String(user.passwordSetAt), "factors": String(user.factorGeneration)],
            for: .rememberDevice,
            at: clock.now()
        )
    }

    /// Whether a browser was remembered for this user.
    func isRemembered(_ token: String?, for user: User) -> Bool {
        guard let token, let said = try? secrets.timedTokens.verify(token, for: .rememberDevice, at: clock.now()) else { return false }
        return said.values == ["user.id": user.uuid, "password": String(user.passwordSetAt), "factors": String(user.factorGeneration)]
    }

    /// Notes that a browser will be remembered.
    package func noteRememberedDevice(of user: User, source: RequestSource) async throws {
        let now = clock.now()
        try await database.write { try $0.events.record(.user(user.id), "account:two_factor:device_remembered", [:], source: source, now: now) }
    }
}
