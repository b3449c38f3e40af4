// One forward step of the schema.

/// A step of the schema: applied once, never changed after a release, never undone.
///
/// Written expand-then-contract: a process of the previous version must keep working beside it.
public struct Migration: Sendable {
    /// Its place in the order; numbers are never reused.
    public let id: Int
    /// What it brings, in a word or two.
    public let name: String
    /// Its statements, run one by one.
    public let statements: [SQL]
    /// Rules of ``MigrationLint`` that it breaks on purpose; a comment beside says why that harms nobody.
    public let accepting: Set<MigrationLint.Rule>

    public init(_ id: Int, _ name: String, accepting: Set<MigrationLint.Rule> = [], _ statements: [SQL]) {
        self.id = id
        self.name = name
        self.accepting = accepting
        self.statements = statements
    }
}
