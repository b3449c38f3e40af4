// What must change in a database until it holds what a stream says.

import SQLDatabase

/// Two files of rows: those to be written, and the keys of those to be deleted.
struct RowDifference: Sendable {
    let written: String
    let deleted: String
    let writtenRows: Int
    let deletedRows: Int
    /// What the database holds as it is.
    let present: [TableSummary]

    var isEmpty: Bool { writtenRows == 0 && deletedRows == 0 }

    /// Reads a stream and a database side by side, both in the order of the keys.
    ///
    /// - Parameters:
    ///   - stream: the path of a file of rows.
    ///   - base: the path that both files are named after.
    /// - Throws: ``RowStreamFault`` when the stream is damaged or has tables that the database has not; `DatabaseError`; `CancellationError`.
    static func between(_ stream: String, and database: any Database, base: String, work: LongWork) async throws -> RowDifference {
        work.begin("rows compared")
        let difference = try await database.read { tx in
            let reader = try RowStreamReader(path: stream)
            let written = try RowStreamWriter(path: "\(base).written")
            let deleted = try RowStreamWriter(path: "\(base).deleted")
            let present = try RowStreamWriter(path: nil)
            let shapes = Dictionary(uniqueKeysWithValues: try TableShape.all(tx).map { ($0.name, $0) })
            var seen: Set<String> = []
            while let (shape, number) = try reader.nextTable() {
                guard let here = shapes[shape.name], here.columns == shape.columns, here.key == shape.key else {
                    throw RowStreamFault("the table \(shape.name) is not like that of this database")
                }
                seen.insert(shape.name)
                try written.begin(here, number: number)
                try deleted.begin(TableShape(name: here.name, columns: here.keyColumns, key: Array(here.key.indices)))
                try present.begin(here)
                try merge(reader, Counted(TableRows(here, tx), present), here, written, deleted, work)
                try present.end()
                try written.end()
                try deleted.end()
            }
            if let missing = Set(shapes.keys).subtracting(seen).min() { throw RowStreamFault("there is no table \(missing) in it") }
            try written.finish()
            try deleted.finish()
            return RowDifference(
                written: "\(base).written",
                deleted: "\(base).deleted",
                writtenRows: written.tables.reduce(0) { $0 + $1.rows },
                deletedRows: deleted.tables.reduce(0) { $0 + $1.rows },
                present: present.tables
            )
        }
        work.end()
        return difference
    }

    /// Counts and hashes the rows that pass.
    private struct Counted {
        let rows: TableRows
        let writer: RowStreamWriter

        init(_ rows: TableRows, _ writer: RowStreamWriter) { (self.rows, self.writer) = (rows, writer) }

        func next() throws -> [SQLValue]? {
            guard let row = try rows.next() else { return nil }
            try writer.append(row)
            return row
        }
    }

    private static func merge(
        _ source: RowStreamReader,
        _ target: Counted,
        _ shape: TableShape,
        _ written: RowStreamWriter,
        _ deleted: RowStreamWriter,
        _ work: LongWork
    ) throws {
        var (wanted, present) = (try source.next(), try target.next())
        var count = 0
        while wanted != nil || present != nil {
            switch order(wanted, present, shape) {
            case ..<0:
                if let wanted { try written.append(wanted) }
                wanted = try source.next()
            case 1...:
                if let present { try deleted.append(shape.key.map { present[$0] }) }
                present = try target.next()
            default:
                if let wanted, wanted != present { try written.append(wanted) }
                (wanted, present) = (try source.next(), try target.next())
            }
            count += 1
            if count % 256 == 0 {
                work.advance(by: 256)
                try work.checkStop()
            }
        }
        work.advance(by: count % 256)
    }

    /// Negative when the first row's key comes first, or there is no second row.
    private static func order(_ one: [SQLValue]?, _ other: [SQLValue]?, _ shape: TableShape) -> Int {
        guard let one else { return 1 }
        guard let other else { return -1 }
        for column in shape.key {
            switch (one[column], other[column]) {
            case (.integer(let one), .integer(let other)): if one != other { return one < other ? -1 : 1 }
            case (.text(let one), .text(let other)):
                if !one.utf8.elementsEqual(other.utf8) { return one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1 }
            case (.blob(let one), .blob(let other)): if one != other { return one.lexicographicallyPrecedes(other) ? -1 : 1 }
            case (.boolean(let one), .boolean(let other)): if one != other { return other ? -1 : 1 }
            case (.real(let one), .real(let other)): if one != other { return one < other ? -1 : 1 }
            default: break
            }
        }
        return 0
    }
}
