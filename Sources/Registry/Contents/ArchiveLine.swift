// Who waits to look into an archive.

import Foundation
import Synchronization

/// Room for those who look into archives and their summaries: that is work of milliseconds to seconds, on threads of its own, a few at a time. Whoever comes when
/// the line is full is sent away at once.
package final class ArchiveLine: Sendable {
    /// How many are in at once, those that wait included.
    package static let room = 16

    private let count = Mutex(0)
    private let pages = ArchiveLine.threads("archives for pages", 2)
    private let jobs = ArchiveLine.threads("archives for jobs", 1)

    init() {}

    private static func threads(_ name: String, _ count: Int) -> OperationQueue {
        let queue = OperationQueue()
        queue.name = name
        queue.maxConcurrentOperationCount = count
        return queue
    }

    /// Runs `body` if there is room.
    ///
    /// - Throws: ``Rejection`` `unavailable` if there is none; what `body` throws.
    package func wait<Result>(_ body: () async throws -> Result) async throws -> Result {
        let isIn = count.withLock { count in
            guard count < Self.room else { return false }
            count += 1
            return true
        }
        guard isIn else { throw Rejection(.unavailable, "Too many archives are being opened at this moment; try again in a few seconds.") }
        defer { count.withLock { $0 -= 1 } }
        return try await body()
    }

    /// Runs `body`, which may block, on a thread of those for pages. Only for who is in the line.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result { try await Self.run(on: pages, body) }

    /// Runs `body`, which may block for minutes, beside what pages need.
    func runForJob<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result { try await Self.run(on: jobs, body) }

    private static func run<Result: Sendable>(on queue: OperationQueue, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
