// The seam between the index and an engine.

/// A database: a bounded set of connections that run synchronous closures in transactions.
///
/// The closures are not `async`, so nothing can await a network or a disk elsewhere while a transaction is open.
public protocol Database: Sendable {
    var dialect: Dialect { get }

    /// How busy its connections are now, one row for each pool.
    var load: [PoolLoad] { get }

    /// Runs `body` on a consistent snapshot that can not be written.
    ///
    /// - Throws: what `body` throws, or ``DatabaseError``; `CancellationError` when the task was cancelled before its turn came.
    func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result

    /// Runs `body` in one transaction: committed when it returns, rolled back when it throws.
    ///
    /// `body` may run again from the start when the engine reports that two transactions could not both go on, so it must have no effect outside the database.
    /// On SQLite writers exclude each other; on PostgreSQL they run side by side (READ COMMITTED), so a row that is read first and
    /// then changed in terms of what was read needs `\(sqlite: "", postgres: "FOR UPDATE")`.
    /// - Throws: what `body` throws, or ``DatabaseError``; `CancellationError` when the task was cancelled before its turn came.
    @discardableResult
    func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result

    /// One statement that only reads, without the cost of a transaction around it.
    func query(_ sql: SQL) async throws -> [Row]

    /// Payloads sent to `channel` from now on, by any process.
    ///
    /// A message can be lost while the connection is down: an empty payload then says "look for yourself". Have a slow poll behind it.
    func listen(to channel: String) async throws -> AsyncStream<String>

    /// Waits for running transactions and closes all connections; later calls fail.
    func close() async
}

extension Database {
    public func query(_ sql: SQL) async throws -> [Row] {
        try await read { try $0.execute(sql) }
    }
}
