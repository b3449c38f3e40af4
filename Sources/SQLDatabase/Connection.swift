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
    /// The same message sent twice in one transaction may arrive once.
    /// - Parameters:
    ///   - channel: a plain lower-case identifier.
    ///   - payload: less than 8000 bytes.
    func notify(_ channel: String, _ payload: String) throws

    /// Runs `body` so that its failure undoes only its own changes and messages (a savepoint), and the transaction can go on.
    ///
    /// - Throws: what `body` throws, or ``DatabaseError``.
    @discardableResult
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result
}

extension Connection {
    /// A savepoint in SQL, for an engine that rolls messages back by itself.
    @discardableResult
    public func sqlSavepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("SAVEPOINT nested")
        do {
            let result = try body()
            try execute("RELEASE SAVEPOINT nested")
            return result
        } catch {
            // When even this fails, the whole transaction is lost, and the first error is the one that says why.
            _ = try? execute("ROLLBACK TO SAVEPOINT nested")
            _ = try? execute("RELEASE SAVEPOINT nested")
            throw error
        }
    }

    @discardableResult
    public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        try sqlSavepoint(body)
    }
}
