// Which kinds of job a program knows.

import Foundation

/// Maps a stored kind to the type that decodes and runs it.
public struct JobRegistry<Context: Sendable>: Sendable {
    struct Entry: Sendable {
        let retry: RetryPolicy
        let run: @Sendable (String, Context) async throws -> Void
    }

    private(set) var entries: [String: Entry] = [:]

    public init() {}

    /// Adds a kind under its name and its former names.
    public mutating func register<J: Job>(_ type: J.Type) where J.Context == Context {
        let entry = Entry(retry: J.retry) { payload, context in
            try await JSONDecoder().decode(J.self, from: Data(payload.utf8)).run(in: context)
        }
        for kind in [J.kind] + J.formerKinds {
            precondition(entries.updateValue(entry, forKey: kind) == nil, "two jobs are called \(kind)")
        }
    }
}
