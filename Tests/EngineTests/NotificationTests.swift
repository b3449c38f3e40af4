// Messages between the parts of one index.

import PostgresEngine
import SQLDatabase
import TestSupport
import Testing

/// A listener that is known to hear.
private struct Listener: ~Copyable {
    private var messages: AsyncStream<String>.AsyncIterator

    /// PostgreSQL says with an empty message that LISTEN is in force.
    init(_ database: any Database, _ channel: String, isFirst: Bool = true) async throws {
        messages = try await database.listen(to: channel).makeAsyncIterator()
        if database.dialect == .postgres, isFirst { #expect(await messages.next() == "") }
    }

    mutating func next() async -> String? { await messages.next() }
}

@Suite(.timeLimit(.minutes(1))) struct NotificationTests {
    @Test(arguments: TestEngine.allCases) func `a message arrives after its commit, and never after a rollback`(_ engine: TestEngine) async throws {
        try await engine.withDatabase(migrations: sampleSchema, onDisk: true) { database in
            var listener = try await Listener(database, "news")
            struct Oops: Error {}
            await #expect(throws: Oops.self) {
                try await database.write { tx in
                    try tx.notify("news", "rolled back")
                    throw Oops()
                }
            }
            try await database.write { tx in
                try tx.execute("INSERT INTO owners (name) VALUES ('a')")
                try tx.notify("other", "elsewhere")
                _ = try? tx.savepoint {
                    try tx.notify("news", "undone")
                    throw Oops()
                }
                try tx.notify("news", "first")
                try tx.notify("news", "first")
                try tx.notify("news", "it's \"second\" é👩‍🚀")
            }
            #expect(await listener.next() == "first")
            // What the message is about can be seen by whoever hears it.
            #expect(try await database.query("SELECT name FROM owners").count == 1)
            #expect(await listener.next() == "it's \"second\" é👩‍🚀")
        }
    }

    @Test(arguments: TestEngine.allCases) func `everyone who listens hears, on each channel`(_ engine: TestEngine) async throws {
        try await engine.withDatabase { database in
            var first = try await Listener(database, "news")
            var second = try await Listener(database, "news", isFirst: false)
            var other = try await Listener(database, "other")
            try await database.write { tx in
                try tx.notify("news", "a")
                try tx.notify("other", "b")
            }
            #expect(await first.next() == "a")
            #expect(await second.next() == "a")
            #expect(await other.next() == "b")
        }
    }

    @Test(arguments: TestEngine.allCases) func `closing ends the messages`(_ engine: TestEngine) async throws {
        let test = try await engine.makeDatabase()
        var listener = try await Listener(test.database, "news")
        try await test.database.write { try $0.notify("news", "last") }
        #expect(await listener.next() == "last")
        await test.drop()
        #expect(await listener.next() == nil)
    }

    @Test(arguments: TestEngine.allCases) func `a message that is too long is refused`(_ engine: TestEngine) async throws {
        try await engine.withDatabase { database in
            let long = String(repeating: "x", count: 8000)
            let kind = await DatabaseError.Kind.thrown { try await database.write { try $0.notify("news", long) } }
            #expect(kind == .other)
            try await database.write { try $0.notify("news", String(long.dropLast())) }
        }
    }

    @Test func `on PostgreSQL other processes hear too, and a lost connection heals`() async throws {
        let test = try await TestEngine.postgres.makeDatabase()
        let other = PostgresDatabase(url: test.url)
        var listener = try await Listener(other, "news")
        try await test.database.write { try $0.notify("news", "one") }
        #expect(await listener.next() == "one")
        let killed = try await test.database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        #expect(killed.count == 1)
        // "Look for yourself": something may have been missed.
        #expect(await listener.next() == "")
        try await test.database.write { try $0.notify("news", "two") }
        #expect(await listener.next() == "two")
        await other.close()
        await test.drop()
    }
}
