// Keeps caches true: whatever a transaction touches is dropped before its caller goes on.

package import SQLDatabase
import Synchronization

/// A database that collects the tags which a transaction touches.
///
/// They are committed with the data (``TouchedTags``), so that other processes find them even if they miss the message, and handed to this process's caches
/// before ``write(_:)`` returns: whoever has been told that a change is made never meets a page from before it.
///
/// While the index is frozen (``Freeze``), nothing is written.
package struct TaggingDatabase: Database {
    private let engine: any Database
    private let caches: PageCaches
    private let now: @Sendable () -> Int64
    private let willCommit: @Sendable (Int64) -> Void
    private let atCommit: @Sendable (Set<CacheTag>, any Connection) throws -> Void
    private let afterCommit: @Sendable (String) -> Void

    /// - Parameters:
    ///   - willCommit: hears the number (``TouchedTags``) under which a transaction is about to commit what it touched.
    ///   - atCommit: runs in each transaction that touched something, when all else is done.
    ///   - afterCommit: is told, behind each of them, who touched it. It must not wait for anything.
    package init(
        _ engine: any Database,
        caches: PageCaches,
        now: @escaping @Sendable () -> Int64,
        willCommit: @escaping @Sendable (Int64) -> Void = { _ in },
        atCommit: @escaping @Sendable (Set<CacheTag>, any Connection) throws -> Void = { _, _ in },
        afterCommit: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.engine = engine
        self.caches = caches
        self.now = now
        self.willCommit = willCommit
        self.atCommit = atCommit
        self.afterCommit = afterCommit
    }

    package var dialect: Dialect { engine.dialect }

    package var load: [PoolLoad] { engine.load }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await engine.read(body)
    }

    package func query(_ sql: SQL) async throws -> [Row] { try await engine.query(sql) }

    package func listen(to channel: String) async throws -> AsyncStream<String> { try await engine.listen(to: channel) }

    package func close() async { await engine.close() }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        let touched = Touched()
        // Also after a failure: a commit whose answer was lost may have happened.
        defer { caches.drop(touched.tags.withLock { $0 }) }
        do {
            let result = try await engine.write { [now, caches, willCommit, atCommit] connection in
                try connection.freeze.check(now: now())
                let tagging = TaggingConnection(connection)
                let result = try body(tagging)
                guard !tagging.tags.isEmpty else { return result }
                touched.tags.withLock { $0.formUnion(tagging.tags) }
                try atCommit(tagging.tags, connection)
                // Heard of before the commit: a page that is read right after it must not come from a replica without it.
                willCommit(try connection.touchedTags.append(tagging.tags, by: caches.process, now: now()))
                return result
            }
            if touched.tags.withLock({ !$0.isEmpty }) { afterCommit(caches.process) }
            return result
        } catch {
            // Or may still happen, after the drop: then it has to be followed.
            if touched.tags.withLock({ !$0.isEmpty }) { caches.signAnew() }
            throw error
        }
    }

    /// Outlives a closure that may run more than once.
    private final class Touched: Sendable {
        let tags = Mutex<Set<CacheTag>>([])
    }
}

/// A connection that remembers what its transaction touched. What a savepoint takes back stays touched, which only costs a page or two.
final class TaggingConnection: Connection {
    private let connection: any Connection
    var tags: Set<CacheTag> = []

    init(_ connection: any Connection) {
        self.connection = connection
    }

    var dialect: Dialect { connection.dialect }

    @discardableResult
    func execute(_ sql: SQL) throws -> [Row] { try connection.execute(sql) }

    func notify(_ channel: String, _ payload: String) throws { try connection.notify(channel, payload) }

    @discardableResult
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result { try connection.savepoint(body) }
}
