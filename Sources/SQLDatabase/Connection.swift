// What a transaction's closure holds.

/// A connection inside one transaction.
///
/// It is never `Sendable` and never leaves its closure. Queries hang off it as accessors (`tx.projects.find(name)`), written in their feature's folder.
public protocol Connection: AnyObject {
    var dialect: Dialect { get }

    /// Runs one statement and returns its rows (empty for a statement that returns none).
    ///
    /// - Throws: ``DatabaseError``.
    @discardableResult
    func execute(_ sql: SQL) throws -> [Row]

    /// Tells every listener of `channel`, in every process, once this transaction has committed; nothing is sent when it rolls back.
    ///
    /// - Parameter channel: a plain lower-case identifier.
    func notify(_ channel: String, _ payload: String) throws
}

extension Connection {
    /// Runs `body` so that its failure undoes only its own changes (a savepoint), and the transaction can go on.
    public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("SAVEPOINT nested")
        do {
            let result = try body()
            try execute("RELEASE SAVEPOINT nested")
            return result
        } catch {
            try execute("ROLLBACK TO SAVEPOINT nested")
            try execute("RELEASE SAVEPOINT nested")
            throw error
        }
    }
}
