// One libpq connection as `Connection`.

import CLibPQ
import Foundation
import SQLDatabase

/// A connection to PostgreSQL, owned by one thread.
///
/// It connects when first used and again after it was lost. Statements are prepared once per connection, keyed by their text and the types of their values.
final class PostgresConnection: SQLDatabase.Connection {
    private let parameters: [(key: String, value: String)]
    private var handle: OpaquePointer?
    private var prepared: [String: String] = [:]
    private var nextStatement = 0
    private var lastFailure: ContinuousClock.Instant?

    /// More distinct statements than this on one connection are forgotten all at once: they come from lists of varying length.
    private static let statementLimit = 500

    init(parameters: [(key: String, value: String)]) {
        self.parameters = parameters
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

    /// Runs `body` between `begin` and COMMIT.
    func transaction<Result>(_ begin: String, _ body: (any SQLDatabase.Connection) throws -> Result) throws -> Result {
        do {
            try command(begin)
        } catch let error as DatabaseError where error.kind == .connectionLost {
            // Nothing has happened yet: a connection that died while idle is simply replaced.
            disconnect()
            try command(begin)
        }
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
        let handle = try connected()
        let name = try statement(text, types: values.map(\.objectID), on: handle)
        let result = Self.withBound(values) { pointers, lengths, formats in
            PQexecPrepared(handle, name, Int32(values.count), pointers, lengths, formats, 0)
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return []
        case PGRES_TUPLES_OK: return try Self.rows(of: result)
        default: throw failure(handle, result)
        }
    }

    func notify(_ channel: String, _ payload: String) throws {
        try execute("SELECT pg_notify(\(channel), \(payload))")
    }

    private func statement(_ text: String, types: [Oid], on handle: OpaquePointer) throws -> String {
        let key = types.map(String.init).joined(separator: ",") + ":" + text
        if let name = prepared[key] { return name }
        if prepared.count >= Self.statementLimit {
            try command("DEALLOCATE ALL")
            prepared = [:]
        }
        nextStatement += 1
        let name = "s\(nextStatement)"
        let result = types.withUnsafeBufferPointer { PQprepare(handle, name, text, Int32(types.count), $0.baseAddress) }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(handle, result) }
        prepared[key] = name
        return name
    }

    private func failure(_ handle: OpaquePointer, _ result: OpaquePointer?) -> DatabaseError {
        let error = DatabaseError(result: result, connectionMessage: Self.text(PQerrorMessage(handle)), isAlive: PQstatus(handle) == CONNECTION_OK)
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
        var arena: [CChar] = []
        var offsets: [Int?] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        func append(_ bytes: some Sequence<UInt8>, binary: Bool) {
            offsets.append(arena.count)
            let start = arena.count
            arena.append(contentsOf: bytes.lazy.map(CChar.init(bitPattern:)))
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
        return arena.withUnsafeBufferPointer { arena in
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
        case 16: self = .boolean(bytes.first == UInt8(ascii: "t"))
        case 17: self = .blob(Self.unhex(bytes.dropFirst(2)))
        default: self = .text(string())
        }
    }

    /// `bytea_output` is `hex` on every connection: `\x` and two digits a byte.
    private static func unhex(_ digits: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            let nibble = digit < 0x3A ? digit - 0x30 : (digit | 0x20) - 0x57
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        return bytes
    }
}
