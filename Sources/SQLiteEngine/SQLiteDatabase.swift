// `Database` over GRDB.

import GRDB
public import SQLDatabase
import Synchronization

/// A SQLite database: one file in WAL mode with one writer and several readers, or one in memory.
///
/// Messages (``listen(to:)``) reach the listeners of this value only: another process, or another value on the same file, has to poll.
///
/// GRDB is called synchronously on threads of our own: its async hop costs more than most queries.
public final class SQLiteDatabase: SQLDatabase.Database {
    /// How a commit reaches the disk (`PRAGMA synchronous`).
    public enum Synchronous: String, Sendable {
        /// A commit survives a power cut.
        case full = "FULL"
        /// A commit survives a crash of the process; the last ones may be lost in a power cut.
        case normal = "NORMAL"
    }

    private let writer: any DatabaseWriter
    private let readers: ThreadPool<Void>
    private let writers: ThreadPool<Void>
    private struct Listeners {
        var channels: [String: [Int: AsyncStream<String>.Continuation]] = [:]
        var nextID = 0
        var isClosed = false
    }

    private let listeners = Mutex(Listeners())

    public var dialect: Dialect { .sqlite }
    public var load: [PoolLoad] { [readers.load.named("read"), writers.load.named("write")] }

    /// Opens or creates the database file.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist. `nil` keeps everything in memory.
    ///   - waitLimit: how long a caller waits for a connection.
    ///   - waitingLimit: how many callers may wait to read, and how many to write; `nil` for as many as are usual.
    ///   - busyLimit: how long a statement waits for another process's lock.
    /// - Throws: ``DatabaseError``: `corrupt` when the file is no database, `connectionLost` when it can not be opened.
    public init(
        path: String?,
        readers: Int = 4,
        synchronous: Synchronous = .full,
        waitLimit: Duration = .seconds(10),
        waitingLimit: Int? = nil,
        busyLimit: Duration = .seconds(10)
    ) throws {
        do {
            if let path {
                var configuration = Configuration()
                configuration.maximumReaderCount = readers
                configuration.busyMode = .timeout(busyLimit.seconds)
                configuration.foreignKeysEnabled = true
                let pool = try DatabasePool(path: path, configuration: configuration)
                // GRDB's pool sets NORMAL when it turns WAL on, so ours comes after it. Only the writer ever syncs.
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)") }
                writer = pool
            } else {
                writer = try DatabaseQueue()
            }
        } catch let error as GRDB.DatabaseError {
            throw SQLDatabase.DatabaseError(error)
        }
        self.readers = ThreadPool(name: "SQLite read", threads: readers, waitLimit: waitLimit, waitingLimit: waitingLimit, makeState: {})
        // One thread: SQLite has one writer, and a queue is fairer than its busy loop.
        writers = ThreadPool(name: "SQLite write", threads: 1, waitLimit: waitLimit, waitingLimit: waitingLimit, makeState: {})
    }

    public func read<Result: Sendable>(_ body: @escaping @Sendable (any SQLDatabase.Connection) throws -> Result) async throws -> Result {
        try await readers.run { [writer] _ in
            do {
                return try writer.read { try body(SQLiteConnection($0)) }
            } catch let error as GRDB.DatabaseError {
                throw SQLDatabase.DatabaseError(error)
            }
        }
    }

    @discardableResult
    public func write<Result: Sendable>(_ body: @escaping @Sendable (any SQLDatabase.Connection) throws -> Result) async throws -> Result {
        try await writers.run { [self] _ in
            do {
                let (result, notifications) = try writer.writeWithoutTransaction { database in
                    var result: Result?
                    let connection = SQLiteConnection(database)
                    // IMMEDIATE, so that a transaction which reads before it writes never has to start over.
                    try database.inTransaction(.immediate) {
                        result = try body(connection)
                        return .commit
                    }
                    return (result!, connection.notifications)
                }
                for (channel, payload) in notifications { send(payload, to: channel) }
                return result
            } catch let error as GRDB.DatabaseError {
                throw SQLDatabase.DatabaseError(error)
            }
        }
    }

    public func listen(to channel: String) async throws -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1024))
        let id: Int? = listeners.withLock { listeners in
            if listeners.isClosed { return nil }
            listeners.nextID += 1
            listeners.channels[channel, default: [:]][listeners.nextID] = continuation
            return listeners.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.listeners.withLock { _ = $0.channels[channel]?.removeValue(forKey: id) }
        }
        return stream
    }

    private func send(_ payload: String, to channel: String) {
        for continuation in listeners.withLock({ Array(($0.channels[channel] ?? [:]).values) }) { continuation.yield(payload) }
    }

    /// Stops what the connections are running, as an operator would a runaway query; the transactions fail and the connections stay usable.
    public func interrupt() {
        writer.interrupt()
    }

    public func close() async {
        await readers.close()
        await writers.close()
        let all = listeners.withLock { listeners in
            defer { listeners.channels = [:] }
            listeners.isClosed = true
            return listeners.channels.values.flatMap(\.values)
        }
        for continuation in all { continuation.finish() }
        try? writer.close()
    }
}
