// Reading what pages are made of, from a replica where there is one.

package import SQLDatabase
import Synchronization

extension PackageIndex {
    /// Runs `body` on a snapshot of the database, or of a replica that shows no less than this process has shown or heard of: no reader goes back in time, and
    /// who has been told of a change finds it. For what becomes a page and is told by tags (``CacheTag``) when it changes, and for nothing else.
    ///
    /// - Throws: what `body` throws, or `DatabaseError`.
    package func readForPages<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        guard let replica else { return try await database.read(body) }
        if let seen = followed.number {
            replica.raise(to: seen)
            // The identity is asked of the primary: a replica of another index would only confirm itself.
            if let result = try await replica.read(of: try await identity(), body) { return result }
        }
        let (number, result) = try await database.read { (try $0.touchedTags.lastNumber(), try body($0)) }
        replica.raise(to: number)
        return result
    }

    /// The rows of one statement, as ``readForPages(_:)``.
    package func queryForPages(_ sql: SQL) async throws -> [Row] {
        guard replica != nil else { return try await database.query(sql) }
        return try await readForPages { try $0.execute(sql) }
    }
}

/// A copy of the database that may lag behind.
package final class Replica: Sendable {
    /// What a replica says of itself.
    package struct Standing: Sendable, Hashable {
        /// Whether it follows a primary. One that was promoted has a history of its own.
        package let isFollowing: Bool
        package let identity: String
        /// The newest of the touched tags that it shows.
        package let number: Int64
    }

    package let engine: any Database
    /// The newest number that this process has shown to anybody, or heard of.
    private let floor = Mutex<Int64>(0)
    private let restsUntil = Mutex<ContinuousClock.Instant?>(nil)
    private let counters = Mutex<[Outcome: Int64]>([:])

    /// How long one that did not answer is left alone: nobody's page waits for it more often than this.
    private static let rest: Duration = .seconds(5)

    /// What became of a read.
    package enum Outcome: String, Sendable, CaseIterable {
        case answered
        /// It showed less than was shown before.
        case behind
        /// It follows nobody, or copies another index.
        case refused
        case failed
    }

    package init(_ engine: any Database) {
        self.engine = engine
    }

    /// How many reads it was asked for, by what became of them.
    package var counts: [Outcome: Int64] { counters.withLock { $0 } }

    func raise(to number: Int64) { floor.withLock { $0 = max($0, number) } }

    /// - Throws: `DatabaseError`.
    package func standing() async throws -> Standing { try await engine.read(Self.standing) }

    private static func standing(_ tx: any Connection) throws -> Standing {
        let row = try tx.execute(
            """
            SELECT \(sqlite: "TRUE", postgres: "pg_is_in_recovery()") AS is_following, i.id, c.value
            FROM index_identity i, counters c WHERE c.name = 'touched-tags'
            """
        )[0]
        return Standing(isFollowing: try row[at: 0], identity: try row[at: 1], number: try row[at: 2])
    }

    /// - Returns: `nil` when it can not answer for now: it is down, behind, or no replica of this index.
    /// - Throws: what `body` throws, unless that says that the replica failed.
    func read<Result: Sendable>(of identity: String, _ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result? {
        guard restsUntil.withLock({ $0.map { $0 <= .now } ?? true }) else { return nil }
        let floor = floor.withLock { $0 }
        do {
            let (outcome, number, result) = try await engine.read { tx -> (Outcome, Int64, Result?) in
                let standing = try Self.standing(tx)
                guard standing.isFollowing, standing.identity == identity else { return (.refused, 0, nil) }
                guard standing.number >= floor else { return (.behind, 0, nil) }
                return (.answered, standing.number, try body(tx))
            }
            if outcome == .refused { pause() }
            raise(to: number)
            count(outcome)
            return result
        } catch is DatabaseError {
            pause()
            count(.failed)
            return nil
        }
    }

    private func pause() { restsUntil.withLock { $0 = .now + Self.rest } }

    private func count(_ outcome: Outcome) { counters.withLock { $0[outcome, default: 0] += 1 } }
}
