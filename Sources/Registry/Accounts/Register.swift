import Credentials
import SQLDatabase

extension PackageIndex {
    /// Whether strangers may make accounts.
    package func takesRegistrations() async throws -> Bool {
        guard settings.isRegistrationOpen else { return false }
        return try await database.read { try !$0.flags.on().contains(.disallowNewUserRegistration) }
    }

    /// Makes an account for whoever asks (platform §1.6). Its address is not verified yet: a mail says how.
    ///
    /// - Throws: ``Rejection``: `forbidden` where nobody may, `invalid` and `conflict` with the field at fault, `rateLimited`.
    package func register(username: String, name: String, email: String, password: String, source: RequestSource) async throws -> User {
        guard try await takesRegistrations() else { throw Rejection(.forbidden, "New accounts are made by the people who run this index.") }
        if let fault = Self.fault(ofName: name) { throw Rejection(.invalid, fault, field: "name") }
        if let seconds = await limiter.wait(.addressesByPlace, source.place) {
            throw Rejection(.rateLimited(retryAfter: seconds), "Too many addresses were added from here; try again in \(RateLimit.words(seconds)).")
        }
        let user = try await createUser(NewUser(username: username, name: name, email: email, isVerified: false, password: password, source: source))
        await limiter.hit(.addressesByPlace, source.place)
        return user
    }
}
