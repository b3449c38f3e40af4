// A piece of background work.

/// Work that runs after the transaction that asked for it has committed.
///
/// A job's stored form is its `kind` and its coded properties; both outlive the program that wrote them, so renames go through ``formerKinds``
/// and new properties need defaults. It may run more than once (a worker can die after the work and before the note of it), so ``run(in:)`` must be idempotent.
public protocol Job: Codable, Sendable {
    /// What all jobs of a program work on.
    associatedtype Context: Sendable

    /// The name in the database: stable across renames of the type.
    static var kind: String { get }
    /// Names this kind had before.
    static var formerKinds: [String] { get }
    /// When to try again after a failure.
    static var retry: RetryPolicy { get }
    /// Which jobs it goes before.
    static var priority: JobPriority { get }

    /// While a job with this key waits, another one with the same kind and key is not added.
    var deduplicationKey: String? { get }

    func run(in context: Context) async throws
}

extension Job {
    public static var formerKinds: [String] { [] }
    public static var retry: RetryPolicy { .standard }
    public static var priority: JobPriority { .normal }
    public var deduplicationKey: String? { nil }
}
