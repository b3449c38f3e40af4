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
        let new = NewUser(username: username, name: name, email: email, isVerified: false, password: password, source: source)
        // A mistake in the form costs no attempt; what needs the database does, whatever comes of it.
        try checkForm(of: new)
        try await takePlaceForAddress(source)
        return try await createUser(new)
    }

    /// Counts an address that is added, or an attempt at it.
    func takePlaceForAddress(_ source: RequestSource, field: String? = nil) async throws {
        _ = try await limiter.take([(.addressesByPlace, source.place)]) { seconds in
            Rejection(
                .rateLimited(retryAfter: seconds),
                "Too many addresses were added from here; try again in \(RateLimit.words(seconds)).",
                field: field
            )
        }
    }
}
