import Crypto
import Foundation
import SQLDatabase

extension PackageIndex {
    /// What opens the page that makes the first administrator: whoever has it reads this index's output, and so runs it. `nil` once there is any user.
    ///
    /// It follows from the secret key, so that every process says the same, and nothing has to be kept; with the first user it opens nothing any more.
    package func setUpSecret() async throws -> String? {
        try await database.read { try $0.users.isEmpty() } ? secrets.setUp : nil
    }

    /// Whether this is the secret, and still of use.
    package func isSetUpSecret(_ text: String) async throws -> Bool {
        guard let secret = try await setUpSecret() else { return false }
        return Self.isSame(secret, text)
    }

    /// Makes the first user, who may do everything. The address counts as verified: who runs the index says so.
    ///
    /// - Throws: ``Rejection``: `gone` when somebody exists or the secret is wrong, and as ``createUser(username:email:password:isSuperuser:)``.
    package func setUp(secret: String, username: String, email: String, password: String, source: RequestSource) async throws -> User {
        guard Self.isSame(secrets.setUp, secret) else { throw Rejection(.gone, "This link does not open anything.") }
        return try await createUser(
            NewUser(username: username, email: email, password: password, isSuperuser: true, mustBeFirst: true, source: source)
        )
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        // By their hashes: the time it takes says nothing.
        SHA256.hash(data: Data(one.utf8)) == SHA256.hash(data: Data(other.utf8))
    }
}
