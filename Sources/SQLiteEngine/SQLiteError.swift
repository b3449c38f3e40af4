// SQLite's result codes as `DatabaseError`.

import GRDB
import SQLDatabase

extension SQLDatabase.DatabaseError {
    init(_ error: GRDB.DatabaseError) {
        let message = error.message ?? error.resultCode.description
        let kind: Kind =
            switch error.extendedResultCode {
            case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID: .uniqueViolation
            case .SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKeyViolation
            default:
                switch error.resultCode {
                case .SQLITE_CONSTRAINT: .constraintViolation
                case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: .conflict
                case .SQLITE_INTERRUPT: .timeout
                case .SQLITE_FULL: .full
                case .SQLITE_CORRUPT, .SQLITE_NOTADB: .corrupt
                case .SQLITE_READONLY: .readOnly
                case .SQLITE_CANTOPEN, .SQLITE_IOERR: .connectionLost
                default: .other
                }
            }
        self.init(kind, message, columns: kind == .uniqueViolation ? Self.columns(of: message) : [])
    }

    /// The columns in SQLite's `UNIQUE constraint failed: table.a, table.b`.
    private static func columns(of message: String) -> [String] {
        // An index on an expression has no columns to name: `index 'name'`.
        guard let colon = message.firstIndex(of: ":"), !message.contains("'") else { return [] }
        return message[message.index(after: colon)...].split(separator: ",").map { part in
            String(part.split(separator: ".").last ?? part).trimmingPrefix(while: \.isWhitespace).description
        }
    }
}
