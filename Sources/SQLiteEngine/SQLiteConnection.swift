// A GRDB connection as `Connection`.

import Foundation
import GRDB
import SQLDatabase

/// One transaction's view of a GRDB database.
final class SQLiteConnection: SQLDatabase.Connection {
    private let database: GRDB.Database
    /// Messages to send once the transaction has committed.
    private(set) var notifications: [(channel: String, payload: String)] = []
    private var sent: Set<[String]> = []

    init(_ database: GRDB.Database) {
        self.database = database
    }

    var dialect: Dialect { .sqlite }

    @discardableResult
    func execute(_ sql: SQLDatabase.SQL) throws -> [SQLDatabase.Row] {
        let (text, values) = sql.rendered(for: .sqlite)
        for value in values { try value.checkStorable() }
        do {
            // Long lists of values make a text of their own for every length: they would only fill the cache.
            let statement = try values.count <= 32 ? database.cachedStatement(sql: text) : database.makeStatement(sql: text)
            let arguments = StatementArguments(values.map(\.databaseValue))
            if statement.columnCount == 0 {
                try statement.execute(arguments: arguments)
                return []
            }
            let columns = SQLDatabase.Row.Columns(statement.columnNames)
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments)
            var rows: [SQLDatabase.Row] = []
            while let row = try cursor.next() {
                rows.append(SQLDatabase.Row(columns: columns, values: row.databaseValues.map(SQLValue.init)))
            }
            return rows
        } catch let error as GRDB.DatabaseError {
            throw SQLDatabase.DatabaseError(error)
        }
    }

    func notify(_ channel: String, _ payload: String) throws {
        try SQLValue.text(payload).checkStorable()
        // PostgreSQL's rules, so that what works here works there.
        guard payload.utf8.count < 8000 else { throw SQLDatabase.DatabaseError(.other, "A message must be shorter than 8000 bytes.") }
        if sent.insert([channel, payload]).inserted { notifications.append((channel, payload)) }
    }

    @discardableResult
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        let (count, before) = (notifications.count, sent)
        do {
            return try sqlSavepoint(body)
        } catch {
            notifications.removeSubrange(count...)
            sent = before
            throw error
        }
    }
}

extension SQLValue {
    fileprivate var databaseValue: GRDB.DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let integer): integer.databaseValue
        case .real(let real): real.databaseValue
        case .boolean(let boolean): boolean.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: GRDB.DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let real): self = .real(real)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }
}
