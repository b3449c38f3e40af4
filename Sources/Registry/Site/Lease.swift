// Work that only one process may be at.

import Foundation
package import SQLDatabase

/// A name that one holder has at a time, in whichever process. Whoever dies with it loses it within a minute.
package struct Lease: Sendable {
    /// Somebody else has it, or took it over.
    package struct Taken: Error, CustomStringConvertible {
        let name: String

        package var description: String { "another process is at work on \(name)" }
    }

    /// In microseconds.
    private static let length: Int64 = 60 * 1_000_000
    private static let renewal: Duration = .seconds(15)
    private static let pause: Duration = .milliseconds(250)

    private let database: any Database
    private let name: String
    private let now: @Sendable () -> Int64

    package init(_ name: String, in database: any Database, now: @escaping @Sendable () -> Int64) {
        self.name = name
        self.database = database
        self.now = now
    }

    /// Runs `body` while nobody else holds the lease.
    ///
    /// - Parameter wait: how long to wait for somebody else to be done.
    /// - Throws: ``Taken``, also when the lease was lost meanwhile; what `body` throws.
    package func hold(wait: Duration, _ body: @Sendable () async throws -> Void) async throws {
        let holder = UUID().uuidString
        let deadline = ContinuousClock.now + wait
        while !(try await take(holder)) {
            guard ContinuousClock.now < deadline else { throw Taken(name: name) }
            try await Task.sleep(for: Self.pause)
        }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while true {
                        try await Task.sleep(for: Self.renewal)
                        guard try await renew(holder) else { throw Taken(name: name) }
                    }
                }
                defer { group.cancelAll() }
                // What the renewal throws ends the body.
                try await withoutActuallyEscaping(body) { body in
                    group.addTask { try await body() }
                    try await group.next()
                }
            }
        } catch {
            try? await release(holder)
            throw error
        }
        try await release(holder)
    }

    private func take(_ holder: String) async throws -> Bool {
        let (name, now) = (name, now())
        return try await database.write { tx in
            try !tx.execute(
                """
                INSERT INTO leases (name, holder, held_until) VALUES (\(name), \(holder), \(now + Self.length))
                ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until WHERE leases.held_until < \(now)
                RETURNING holder
                """
            ).isEmpty
        }
    }

    private func renew(_ holder: String) async throws -> Bool {
        let (name, until) = (name, now() + Self.length)
        return try await database.write { tx in
            try !tx.execute("UPDATE leases SET held_until = \(until) WHERE name = \(name) AND holder = \(holder) RETURNING holder").isEmpty
        }
    }

    private func release(_ holder: String) async throws {
        let name = name
        // Also when this task was cancelled: nobody should have to wait for what nobody is at.
        try await Task { [database] in
            try await database.write { tx in try tx.execute("DELETE FROM leases WHERE name = \(name) AND holder = \(holder)") }
        }.value
    }
}
