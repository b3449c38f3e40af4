// Which index this is.

import SQLDatabase
import Synchronization

extension PackageIndex {
    /// A name that no other index has, however alike the two are configured. It is made with the database and never changes.
    ///
    /// - Throws: `DatabaseError`.
    package func identity() async throws -> String {
        if let known = knownIdentity.value { return known }
        let id: String = try await database.query("SELECT id FROM index_identity")[0][at: 0]
        knownIdentity.value = id
        return id
    }
}

/// The identity, once it was asked for.
final class KnownIdentity: Sendable {
    private let text = Mutex<String?>(nil)

    var value: String? {
        get { text.withLock { $0 } }
        set { text.withLock { $0 = newValue } }
    }
}
