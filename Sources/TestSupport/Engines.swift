// The databases that tests run on: in memory, in a file, or a PostgreSQL database of their own.

import Foundation
package import PostgresEngine
package import SQLDatabase
import SQLiteEngine
import Synchronization

/// An engine that tests run on.
package enum TestEngine: String, CaseIterable, Sendable, CustomStringConvertible {
    case sqlite
    case postgres
    /// PostgreSQL behind pgbouncer in transaction mode.
    case pooled

    /// Where only the database matters, and not the way to it.
    package static let engines: [TestEngine] = [.sqlite, .postgres]

    /// The engine that `TEST_ENGINE` names; SQLite when it names none.
    package static var current: TestEngine {
        guard let name = ProcessInfo.processInfo.environment["TEST_ENGINE"], !name.isEmpty else { return .sqlite }
        guard let engine = TestEngine(rawValue: name) else { preconditionFailure("TEST_ENGINE is \(name); it must be sqlite, postgres or pooled.") }
        return engine
    }

    package var description: String { rawValue }

    /// Runs `body` on a fresh, migrated database that is gone afterwards.
    ///
    /// - Parameters:
    ///   - onDisk: SQLite in a file of a temporary folder instead of in memory.
    ///   - connections: how many connections (SQLite: readers) it may have.
    package func withDatabase<Result>(
        migrations: [Migration] = [],
        onDisk: Bool = false,
        connections: Int = 3,
        _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        let test = try await makeDatabase(migrations: migrations, onDisk: onDisk, connections: connections)
        let result: Result
        do {
            result = try await body(test.database)
        } catch {
            await test.drop()
            throw error
        }
        await test.drop()
        return result
    }

    /// A fresh, migrated database, for a test that can not live inside one closure. Whoever makes it must drop it.
    ///
    /// At most sixteen PostgreSQL databases exist at once, later callers wait: a test must not hold one while it makes another.
    package func makeDatabase(migrations: [Migration] = [], onDisk: Bool = false, connections: Int = 3) async throws -> TestDatabase {
        switch self {
        case .sqlite: try await TestDatabase.sqlite(migrations, onDisk: onDisk, connections: connections)
        case .postgres: try await TestPostgres.shared.get().makeDatabase(migrations, connections: connections)
        case .pooled: try await TestPostgres.shared.get().makeDatabase(migrations, connections: connections, isPooled: true)
        }
    }
}

/// A database that belongs to one test.
package struct TestDatabase: Sendable {
    package let database: any Database
    /// Where it is, as the setting `EMPORIUM_DATABASE_URL` spells it; `sqlite::memory:` can not be opened a second time.
    package let url: String
    /// How ``database`` is tuned, where it is a PostgreSQL.
    private let options: PostgresDatabase.Options
    fileprivate let remove: @Sendable () async -> Void

    fileprivate init(
        database: any Database,
        url: String,
        options: PostgresDatabase.Options = .init(),
        remove: @escaping @Sendable () async -> Void
    ) {
        self.database = database
        self.url = url
        self.options = options
        self.remove = remove
    }

    /// A second way to the same PostgreSQL database. Whoever makes it must close it.
    package func postgres(_ tune: (inout PostgresDatabase.Options) -> Void = { _ in }) -> PostgresDatabase {
        var tuned = PostgresDatabase.Options()
        (tuned.isPooledByTransaction, tuned.listenURL) = (options.isPooledByTransaction, options.listenURL)
        tune(&tuned)
        return PostgresDatabase(url: url, options: tuned)
    }

    /// Closes and removes it.
    package func drop() async {
        await database.close()
        await remove()
    }

    fileprivate static func sqlite(_ migrations: [Migration], onDisk: Bool, connections: Int) async throws -> TestDatabase {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("database-\(UUID().uuidString)")
        if onDisk { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        let path = onDisk ? folder.appendingPathComponent("test.sqlite").path : nil
        // As below: being slow is no failure.
        let database = try SQLiteDatabase(path: path, readers: connections, waitLimit: .seconds(60))
        let test = TestDatabase(database: database, url: "sqlite:\(path ?? ":memory:")") {
            if onDisk { try? FileManager.default.removeItem(at: folder) }
        }
        do {
            if !migrations.isEmpty { try await Migrator(migrations).migrate(database, now: 0) }
        } catch {
            await test.drop()
            throw error
        }
        return test
    }
}

/// There is no server to run the test on.
package struct NoTestServer: Error, CustomStringConvertible {
    package let description = "TEST_POSTGRES_URL is not set. Run the tests through dev/with-postgres, for instance: dev/with-postgres swift test"
}

/// The server that `TEST_POSTGRES_URL` names, with one template database per list of migrations.
private actor TestPostgres {
    static let shared = Result { try TestPostgres() }

    private let server: URLComponents
    private let administration: PostgresDatabase
    private let gate = Gate(places: 16)
    private var templates: [String: Task<String, any Error>] = [:]
    /// Several test processes may share the server.
    private let prefix = "test_\(ProcessInfo.processInfo.processIdentifier)_\(UInt32.random(in: 0 ... .max))"
    private var count = 0

    private init() throws {
        guard let url = ProcessInfo.processInfo.environment["TEST_POSTGRES_URL"], let server = URLComponents(string: url) else {
            throw NoTestServer()
        }
        self.server = server
        var options = PostgresDatabase.Options()
        options.connections = 4
        options.waitLimit = .seconds(120)
        options.limits[.request]?.runs = .seconds(60)
        administration = PostgresDatabase(url: url, options: options)
    }

    func makeDatabase(_ migrations: [Migration], connections: Int, isPooled: Bool = false) async throws -> TestDatabase {
        await gate.enter()
        do {
            let template = try await template(for: migrations)
            count += 1
            let name = "\(prefix)_\(count)"
            try await administration.runAlone(SQL(trusting: "CREATE DATABASE \(name) TEMPLATE \(template)"))
            var options = PostgresDatabase.Options()
            options.connections = connections
            // Sixteen tests share the machine: being slow is no failure.
            options.waitLimit = .seconds(60)
            let pooler = isPooled ? try await PoolerServer(before: url(of: name), connections: max(2, connections)) : nil
            options.isPooledByTransaction = isPooled
            options.listenURL = isPooled ? url(of: name) : nil
            let url = pooler?.url ?? url(of: name)
            return TestDatabase(database: PostgresDatabase(url: url, options: options), url: url, options: options) { [administration, gate] in
                try? await pooler?.stop()
                _ = try? await administration.runAlone(SQL(trusting: "DROP DATABASE IF EXISTS \(name) WITH (FORCE)"))
                gate.leave()
            }
        } catch {
            gate.leave()
            throw error
        }
    }

    private func template(for migrations: [Migration]) async throws -> String {
        guard !migrations.isEmpty else { return "template0" }
        let key = migrations.map { migration in
            "\(migration.id) \(migration.name): " + migration.statements.map { $0.rendered(for: .postgres).text }.joined(separator: ";\n")
        }.joined(separator: "\n")
        if let task = templates[key] { return try await task.value }
        let name = "\(prefix)_template_\(templates.count)"
        let task = Task { [administration, url = url(of: name)] in
            try await administration.runAlone(SQL(trusting: "CREATE DATABASE \(name) TEMPLATE template0"))
            let database = PostgresDatabase(url: url)
            do {
                try await Migrator(migrations).migrate(database, now: 0)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
            return name
        }
        templates[key] = task
        return try await task.value
    }

    private func url(of name: String) -> String {
        var url = server
        url.path = "/\(name)"
        return url.string ?? ""
    }
}

/// Lets a few in at a time, in order.
package final class Gate: Sendable {
    private struct State {
        var places: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    package init(places: Int) {
        state = Mutex(State(places: places))
    }

    package func enter() async {
        await withCheckedContinuation { continuation in
            let mayEnter = state.withLock { state in
                if state.places > 0 {
                    state.places -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if mayEnter { continuation.resume() }
        }
    }

    package func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            if state.waiting.isEmpty {
                state.places += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
