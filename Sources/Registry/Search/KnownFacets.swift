import Synchronization

/// Which classifiers are in use, as this process found them lately.
final class KnownFacets: Sendable {
    /// In microseconds.
    private static let lifetime: Int64 = 10 * 60 * 1_000_000

    private let known = Mutex<(list: [String], until: Int64)?>(nil)

    /// - Parameter find: asks the database.
    func value(now: Int64, _ find: () async throws -> [String]) async throws -> [String] {
        if let known = known.withLock({ $0 }), now < known.until { return known.list }
        let list = try await find()
        // An index that is being filled has more in a moment.
        if !list.isEmpty { known.withLock { $0 = (list, now + Self.lifetime) } }
        return list
    }
}
