// The one error both engines throw.

/// What went wrong in a database, in terms that do not depend on the engine.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// A unique index or primary key refused a row.
        case uniqueViolation
        /// A foreign key refused a change.
        case foreignKeyViolation
        /// A `NOT NULL` or `CHECK` constraint refused a row.
        case constraintViolation
        /// Two transactions could not both go on (serialization failure, deadlock, lock timeout); trying again may succeed.
        case conflict
        /// A statement ran longer than it may.
        case timeout
        /// No connection became free in time.
        case exhausted
        /// The connection to the server was lost or can not be made.
        case connectionLost
        /// The disk or the database's quota is full.
        case full
        /// The file is no database, or a damaged one.
        case corrupt
        /// The database may only be read.
        case readOnly
        /// The schema is newer than this program, or older and not migrated.
        case schema
        /// A row did not have the column or type that the code expected.
        case decoding
        /// The statement itself is wrong, or anything else.
        case other
    }

    public let kind: Kind
    /// What the engine said. Never holds bound values.
    public let message: String
    /// For a unique violation: the columns of the key, when the engine names them (`["username"]`).
    public let columns: [String]

    public init(_ kind: Kind, _ message: String, columns: [String] = []) {
        self.kind = kind
        self.message = message
        self.columns = columns
    }

    public var description: String { message }

    /// Whether this is a unique violation of exactly these columns.
    public func isUniqueViolation(of columns: String...) -> Bool {
        kind == .uniqueViolation && self.columns == columns
    }
}
