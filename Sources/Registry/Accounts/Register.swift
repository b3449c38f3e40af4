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
        if let seconds = await limiter.hit(.registrationsByAddress, source.place) { throw Self.tooManyAddresses(seconds) }
        return try await withPlaceForAddress(source) { try await createUser(new) }
    }

    /// Adds an address with a place for it taken first; one that is not added after all gives its place back.
    func withPlaceForAddress<Result>(_ source: RequestSource, field: String? = nil, _ add: () async throws -> Result) async throws -> Result {
        let places = try await limiter.take([(.addressesByPlace, source.place)]) { Self.tooManyAddresses($0, field: field) }
        do {
            return try await add()
        } catch {
            await limiter.giveBack(places)
            throw error
        }
    }

    static func tooManyAddresses(_ seconds: Int, field: String? = nil) -> Rejection {
        Rejection(
            .rateLimited(retryAfter: seconds),
            "Too many addresses were added from here; try again in \(RateLimit.words(seconds)).",
            field: field
        )
    }
}
