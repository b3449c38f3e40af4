// One libpq connection as `Connection`.

import CLibPQ
import Foundation
import SQLDatabase

/// A connection to PostgreSQL, owned by one thread.
///
/// It connects when first used and again after it was lost. Statements are prepared once per connection, keyed by their text and the types of their values,
/// unless each transaction may have another connection of the server's.
final class PostgresConnection: SQLDatabase.Connection {
    private let parameters: [(key: String, value: String)]
    private let preparesStatements: Bool
    private var handle: OpaquePointer?
    private var prepared: [Statement: String] = [:]
    private var nextStatement = 0
    /// Set from BEGIN to COMMIT: a statement inside must never run on a fresh connection, where it would be a transaction of its own.
    private var isInTransaction = false
    /// Whether the last failure was the server's way to say "again, please".
    private var mayRetry = false

    private struct Statement: Hashable {
        let text: String
        let types: [Oid]
    }

    /// More distinct statements than this on one connection are forgotten all at once: they come from lists of varying length.
    private static let statementLimit = 500

    init(parameters: [(key: String, value: String)], preparesStatements: Bool) {
        self.parameters = parameters
        self.preparesStatements = preparesStatements
    }

    deinit {
        disconnect()
    }

    var dialect: Dialect { .postgres }

    func disconnect() {
        if let handle { PQfinish(handle) }
        handle = nil
        prepared = [:]
    }

    private func connected() throws -> OpaquePointer {
        if let handle, PQstatus(handle) == CONNECTION_OK { return handle }
        guard !isInTransaction else { throw DatabaseError(.connectionLost, "The connection was lost during the transaction.") }
        disconnect()
        guard let handle = Self.connect(parameters) else { throw DatabaseError(.connectionLost, "libpq is out of memory.") }
        guard PQstatus(handle) == CONNECTION_OK else {
            let message = Self.text(PQerrorMessage(handle))
            PQfinish(handle)
            throw DatabaseError(.connectionLost, "PostgreSQL can not be reached: \(message)")
        }
        self.handle = handle
        return handle
    }

    static func connect(_ parameters: [(key: String, value: String)]) -> OpaquePointer? {
        let keys = parameters.map { strdup($0.key) } + [nil]
        let values = parameters.map { strdup($0.value) } + [nil]
        defer { for pointer in keys + values { free(pointer) } }
        return keys.map { UnsafePointer($0) }.withUnsafeBufferPointer { keys in
            values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
                // expand_dbname: the whole URL may stand in `dbname`.
                PQconnectdbParams(keys.baseAddress, values.baseAddress, 1)
            }
        }
    }

    // MARK: Transactions

    /// Runs `body` between `begin` and COMMIT, again and again while the server says that it could not go beside another transaction.
    func transaction<Result>(_ begin: String, _ body: (any SQLDatabase.Connection) throws -> Result) throws -> Result {
        for attempt in 1..<5 {
            mayRetry = false
            do {
                return try once(begin, body)
            } catch is DatabaseError where mayRetry {
                // Not at the same moment as the other one, who was told the same.
                usleep(.random(in: 0..<UInt32(attempt * 5000)))
            }
        }
        return try once(begin, body)
    }

    private func once<Result>(_ begin: String, _ body: (any SQLDatabase.Connection) throws -> Result) throws -> Result {
        try replacingDeadConnection { try command(begin) }
        isInTransaction = true
        defer { isInTransaction = false }
        let result: Result
        do {
            result = try body(self)
        } catch {
            rollBack()
            throw error
        }
        do {
            try command("COMMIT")
        } catch {
            rollBack()
            throw error
        }
        return result
    }

    /// One statement that only reads: a transaction by itself.
    func query(_ sql: SQL) throws -> [Row] {
        do {
            return try replacingDeadConnection { try execute(sql) }
        } catch is DatabaseError where mayRetry {
            return try execute(sql)
        }
    }

    /// One statement that PostgreSQL runs only outside a transaction.
    ///
    /// - Parameter mayOnlyRead: whether the session was told so when it began.
    func runAlone(_ sql: SQL, mayOnlyRead: Bool) throws -> [Row] {
        guard mayOnlyRead else { return try execute(sql) }
        try replacingDeadConnection { try command("SET default_transaction_read_only = off") }
        // A connection that kept this setting must not serve reads.
        defer { if (try? command("SET default_transaction_read_only = on")) == nil { disconnect() } }
        return try execute(sql)
    }

    /// A connection that died while idle is simply replaced: nothing has happened on it yet.
    private func replacingDeadConnection<Result>(_ body: () throws -> Result) throws -> Result {
        let isFresh = handle == nil
        do {
            return try body()
        } catch let error as DatabaseError where error.kind == .connectionLost && !isFresh {
            disconnect()
            return try body()
        }
    }

    private func rollBack() {
        guard let handle, PQstatus(handle) == CONNECTION_OK, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        // A connection that can not roll back is of no use.
        if (try? command("ROLLBACK")) == nil { disconnect() }
    }

    private func command(_ text: String) throws {
        let handle = try connected()
        let result = PQexec(handle, text)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(handle, result) }
        // COMMIT of a transaction that already failed answers ROLLBACK, and would look like success.
        if text == "COMMIT", Self.text(PQcmdStatus(result)) == "ROLLBACK" {
            throw DatabaseError(.other, "The transaction had already failed and was rolled back.")
        }
    }

    // MARK: Statements

    @discardableResult
    func execute(_ sql: SQL) throws -> [Row] {
        let (text, values) = sql.rendered(for: .postgres)
        for value in values { try value.checkStorable() }
        let handle = try connected()
        let statement = Statement(text: text, types: values.map(\.objectID))
        let name = preparesStatements ? try prepare(statement, on: handle) : nil
        let result = Self.withBound(values) { pointers, lengths, formats in
            name.map { PQexecPrepared(handle, $0, Int32(values.count), pointers, lengths, formats, 0) }
                ?? PQexecParams(handle, text, Int32(values.count), statement.types, pointers, lengths, formats, 0)
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return []
        case PGRES_TUPLES_OK: return try Self.rows(of: result)
        default:
            // Most likely a plan from before a migration: prepared anew it works.
            if DatabaseError.field("C", of: result) == "0A000" { mayRetry = prepared.removeValue(forKey: statement) != nil }
            throw failure(handle, result)
        }
    }

    func notify(_ channel: String, _ payload: String) throws {
        guard payload.utf8.count < 8000 else { throw DatabaseError(.other, "A message must be shorter than 8000 bytes.") }
        try execute("SELECT pg_notify(\(channel), \(payload))")
    }

    private func prepare(_ statement: Statement, on handle: OpaquePointer) throws -> String {
        if let name = prepared[statement] { return name }
        if prepared.count >= Self.statementLimit {
            try command("DEALLOCATE ALL")
            prepared = [:]
        }
        nextStatement += 1
        let name = "s\(nextStatement)"
        let result = statement.types.withUnsafeBufferPointer { PQprepare(handle, name, statement.text, Int32(statement.types.count), $0.baseAddress) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(handle, result) }
        prepared[statement] = name
        return name
    }

    private func failure(_ handle: OpaquePointer, _ result: OpaquePointer?) -> DatabaseError {
        let error = DatabaseError(result: result, connectionMessage: Self.text(PQerrorMessage(handle)), isAlive: PQstatus(handle) == CONNECTION_OK)
        if let state = DatabaseError.field("C", of: result), state == "40001" || state == "40P01" { mayRetry = true }
        if PQstatus(handle) != CONNECTION_OK { disconnect() }
        return error
    }

    // MARK: Values

    static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0).trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }

    static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        text(pointer.map { UnsafePointer($0) })
    }

    /// Lays the values out as libpq wants them: text, except for bytes, which travel raw.
    private static func withBound<Result>(
        _ values: [SQLValue],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        var arena: [UInt8] = []
        var offsets: [Int?] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        func append(_ bytes: some Sequence<UInt8>, binary: Bool) {
            offsets.append(arena.count)
            let start = arena.count
            arena.append(contentsOf: bytes)
            lengths.append(Int32(arena.count - start))
            formats.append(binary ? 1 : 0)
            arena.append(0)
        }
        for value in values {
            switch value {
            case .null:
                offsets.append(nil)
                lengths.append(0)
                formats.append(0)
            case .integer(let integer): append(String(integer).utf8, binary: false)
            case .real(let real): append(String(real).utf8, binary: false)
            case .boolean(let boolean): append((boolean ? "t" : "f").utf8, binary: false)
            case .text(let text): append(text.utf8, binary: false)
            case .blob(let bytes): append(bytes, binary: true)
            }
        }
        return arena.withUnsafeBytes { arena in
            let arena = arena.assumingMemoryBound(to: CChar.self)
            let pointers = offsets.map { offset in offset.map { UnsafePointer(arena.baseAddress! + $0) } }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress) }
                }
            }
        }
    }

    private static func rows(of result: OpaquePointer?) throws -> [Row] {
        let width = PQnfields(result)
        let columns = Row.Columns((0..<width).map { text(PQfname(result, $0)) })
        let types = (0..<width).map { PQftype(result, $0) }
        var rows: [Row] = []
        rows.reserveCapacity(Int(PQntuples(result)))
        for line in 0..<PQntuples(result) {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(width))
            for column in 0..<width {
                if PQgetisnull(result, line, column) == 1 {
                    values.append(.null)
                } else {
                    let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, line, column), count: Int(PQgetlength(result, line, column)))
                    values.append(SQLValue(bytes, type: types[Int(column)]))
                }
            }
            rows.append(Row(columns: columns, values: values))
        }
        return rows
    }
}

extension SQLValue {
    /// The type a value is declared as, so that the server never has to guess.
    fileprivate var objectID: Oid {
        switch self {
        case .null: 0
        case .integer: 20
        case .real: 701
        case .boolean: 16
        case .text: 25
        case .blob: 17
        }
    }

    /// Reads a value in PostgreSQL's text format.
    fileprivate init(_ bytes: UnsafeRawBufferPointer, type: Oid) {
        func string() -> String { String(decoding: bytes, as: UTF8.self) }
        switch type {
        case 20, 21, 23, 26: self = Int64(string()).map(SQLValue.integer) ?? .text(string())
        case 700, 701: self = Double(string()).map(SQLValue.real) ?? .text(string())
        // What sum and avg of integers are; read as SQLite answers them.
        case 1700: self = Int64(string()).map(SQLValue.integer) ?? Double(string()).map(SQLValue.real) ?? .text(string())
        case 16: self = .boolean(bytes.first == UInt8(ascii: "t"))
        case 17: self = .blob(Self.unescaped(bytes))
        default: self = .text(string())
        }
    }

    /// Bytes from their text form. libpq's own function, because a long value would take a loop of ours seconds in a debug build.
    private static func unescaped(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var count = 0
        // libpq ends every value with a NUL that is not counted.
        guard let start = text.bindMemory(to: UInt8.self).baseAddress, let bytes = PQunescapeBytea(start, &count) else { return [] }
        defer { PQfreemem(bytes) }
        return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
    }
}
