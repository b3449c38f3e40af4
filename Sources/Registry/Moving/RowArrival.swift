// Makes a database hold what a stream of rows says.

import Foundation
package import SQLDatabase

/// Writes rows past the index into a database that nobody uses. What is there already stays, so that it can be stopped at any moment and begun again.
package struct RowArrival: Sendable {
    private static let batch = 128
    private static let mostRounds = 8

    let database: any Database
    let work: LongWork

    package init(_ database: any Database, work: LongWork = LongWork()) {
        self.database = database
        self.work = work
    }

    /// What came of it.
    package struct Outcome: Sendable, Hashable {
        /// How many rows were written or deleted.
        package let changed: Int
        /// What the database holds, read from it behind the last change; `nil` when that was not asked for.
        package let tables: [TableSummary]?
    }

    /// - Parameters:
    ///   - stream: the path of a file of rows; files beside it come and go.
    ///   - proving: whether everything is read again behind the last change.
    /// - Throws: ``RowStreamFault``, `DatabaseError`, `CancellationError`.
    @discardableResult
    package func take(_ stream: String, proving: Bool = true) async throws -> Outcome {
        var changed = 0
        // A deletion can take along what was as it should be (foreign keys that cascade): looked at again until nothing differs.
        for _ in 0..<Self.mostRounds {
            let difference = try await RowDifference.between(stream, and: database, base: stream, work: work)
            defer { for path in [difference.written, difference.deleted] { try? FileManager.default.removeItem(atPath: path) } }
            if difference.isEmpty {
                try await setNumbers(stream)
                return Outcome(changed: changed, tables: difference.present)
            }
            work.begin("rows written", total: difference.writtenRows + difference.deletedRows)
            changed += difference.writtenRows + difference.deletedRows
            let late = try await delete(difference.deleted)
            try await write(difference.written)
            for (shape, keys) in late { try await database.write { tx in for key in keys { try Self.delete(shape, key, tx) } } }
            work.end()
            if !proving { return Outcome(changed: changed, tables: nil) }
        }
        throw RowStreamFault("its rows can not be brought into the database: they keep differing")
    }

    // MARK: Deleting

    /// - Returns: what others refer to as long as they are not written anew.
    private func delete(_ path: String) async throws -> [(TableShape, [[SQLValue]])] {
        // Kept in memory: those that refer to others go first, and the file has them the other way round.
        var tables: [(TableShape, [[SQLValue]])] = []
        let reader = try RowStreamReader(path: path)
        while let (shape, _) = try reader.nextTable() {
            var keys: [[SQLValue]] = []
            while let key = try reader.next() { keys.append(key) }
            if !keys.isEmpty { tables.append((shape, keys)) }
        }
        var late: [(TableShape, [[SQLValue]])] = []
        for (shape, keys) in tables.reversed() {
            for start in stride(from: 0, to: keys.count, by: Self.batch) {
                try work.checkStop()
                let part = Array(keys[start..<min(start + Self.batch, keys.count)])
                let left = try await database.write { tx in
                    try part.filter { key in
                        do {
                            try tx.savepoint { try Self.delete(shape, key, tx) }
                            return false
                        } catch let error as DatabaseError where error.kind == .foreignKeyViolation {
                            return true
                        }
                    }
                }
                if !left.isEmpty { late.append((shape, left)) }
                work.advance(by: part.count)
            }
        }
        return late
    }

    private static func delete(_ shape: TableShape, _ key: [SQLValue], _ tx: any Connection) throws {
        var statement = SQL(trusting: "DELETE FROM \(shape.name) WHERE ")
        for (place, column) in shape.columns.enumerated() {
            statement = statement + SQL(trusting: "\(place == 0 ? "" : " AND ")\(column.name) = ") + "\(key[place])"
        }
        try tx.execute(statement)
    }

    // MARK: Writing

    private func write(_ path: String) async throws {
        let reader = try RowStreamReader(path: path)
        while let (shape, _) = try reader.nextTable() {
            // Rows whose unique values another row still has, which is itself about to change.
            var taken: [[SQLValue]] = []
            var part: [[SQLValue]] = []
            while true {
                let row = try reader.next()
                if let row { part.append(row) }
                guard part.count == Self.batch || (row == nil && !part.isEmpty) else {
                    if row == nil { break }
                    continue
                }
                try work.checkStop()
                taken += try await write(part, to: shape)
                work.advance(by: part.count)
                part = []
                if row == nil { break }
            }
            while !taken.isEmpty {
                let left = try await write(taken, to: shape)
                guard left.count < taken.count else {
                    throw RowStreamFault("\(left.count) rows of the table \(shape.name) have values that others have and that may stand only once")
                }
                taken = left
            }
        }
    }

    /// - Returns: the rows that could not be written because of what other rows say.
    private func write(_ rows: [[SQLValue]], to shape: TableShape) async throws -> [[SQLValue]] {
        let names = shape.columns.map(\.name)
        let head = SQL(trusting: "INSERT INTO \(shape.name) (\(names.joined(separator: ", "))) VALUES")
        let others = names.enumerated().filter { !shape.key.contains($0.offset) }.map { "\($0.element) = excluded.\($0.element)" }
        let action = others.isEmpty ? "NOTHING" : "UPDATE SET \(others.joined(separator: ", "))"
        let conflict = SQL(trusting: "ON CONFLICT (\(shape.keyColumns.map(\.name).joined(separator: ", "))) DO \(action)")
        do {
            try await database.write { try $0.insertRows(head, rows, returning: conflict) }
            return []
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            return try await database.write { tx in
                try rows.filter { row in
                    do {
                        try tx.savepoint { try tx.insertRows(head, [row], returning: conflict) }
                        return false
                    } catch let error as DatabaseError where error.kind == .uniqueViolation {
                        return true
                    }
                }
            }
        }
    }

    private func setNumbers(_ path: String) async throws {
        let reader = try RowStreamReader(path: path)
        var numbers: [String: Int64] = [:]
        while let (shape, number) = try reader.nextTable() { numbers[shape.name] = number }
        try await database.write { [numbers] tx in
            for shape in try TableShape.all(tx) { try TableRows.setNumber(of: shape, behind: numbers[shape.name] ?? 0, tx) }
        }
    }
}
