import Backends
import Synchronization

/// What was found in more documents than can be paged through, for a while: to count those again costs most of the time that such a search takes, and that they
/// have become few is not to be expected.
final class CommonMatches: Sendable {
    /// Microseconds.
    private static let age: Int64 = 600_000_000
    private static let limit = 1000

    private let known = Mutex<[SearchMatch: Int64]>([:])

    /// - Parameters:
    ///   - now: microseconds since 1970.
    ///   - body: counts.
    func count(_ match: SearchMatch, now: Int64, _ body: () throws -> Int) rethrows -> Int {
        if let moment = known.withLock({ $0[match] }), moment <= now, now - moment < Self.age { return SearchQuery.window + 1 }
        let count = try body()
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[match] = count > SearchQuery.window ? now : nil
        }
        return count
    }
}
