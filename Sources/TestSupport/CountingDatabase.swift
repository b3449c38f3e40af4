// How much a page asks of the database.

package import SQLDatabase
import Synchronization

/// Counts how often a database is asked, and for what.
package final class CountingDatabase: Database {
    private let database: any Database
    private let counter = Counter()

    fileprivate final class Counter: Sendable {
        let transactions = Mutex(0)
        let statements = Mutex<[String]>([])
    }

    package init(_ database: any Database) { self.database = database }

    /// How many transactions were begun, or single statements run.
    package var count: Int { counter.transactions.withLock { $0 } }

    /// The statements since this was asked last, in order.
    package func takeStatements() -> [String] {
        counter.statements.withLock { statements in
            defer { statements = [] }
            return statements
        }
    }

    private func note() { counter.transactions.withLock { $0 += 1 } }

    package var dialect: Dialect { database.dialect }
    package var load: [PoolLoad] { database.load }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        note()
        return try await database.read { [counter] in try body(CountingConnection($0, counter)) }
    }

    package func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        note()
        return try await database.write { [counter] in try body(CountingConnection($0, counter)) }
    }

    package func query(_ sql: SQL) async throws -> [Row] {
        note()
        counter.statements.withLock { $0.append("\(sql)") }
        return try await database.query(sql)
    }

    package func listen(to channel: String) async throws -> AsyncStream<String> { try await database.listen(to: channel) }
    package func close() async { await database.close() }
}

private final class CountingConnection: Connection {
    private let connection: any Connection
    private let counter: CountingDatabase.Counter

    init(_ connection: any Connection, _ counter: CountingDatabase.Counter) {
        self.connection = connection
        self.counter = counter
    }

    var dialect: Dialect { connection.dialect }

    func execute(_ sql: SQL) throws -> [Row] {
        counter.statements.withLock { $0.append("\(sql)") }
        return try connection.execute(sql)
    }

    func notify(_ channel: String, _ payload: String) throws { try connection.notify(channel, payload) }
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result { try connection.savepoint(body) }
}
