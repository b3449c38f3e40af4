import Crypto
import Distributions
import Foundation
package import SQLDatabase

/// Reads a file of rows and believes nothing in it: counts and hashes are compared as they come.
package final class RowStreamReader {
    private let file: FileHandle
    private var whole = SHA256()
    private var table: (shape: TableShape, rows: Int, hash: SHA256)?
    private var rows: ArraySlice<[SQLValue]> = []
    package private(set) var tables: [TableSummary] = []

    /// - Throws: ``RowStreamFault``.
    package init(path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw RowStreamFault("there is no file \(path)") }
        self.file = file
        guard try take(RowStream.magic.count) == RowStream.magic else { throw RowStreamFault("it is no file of rows, or of a newer format") }
    }

    /// The next table and the highest number it has given; `nil` at the end of the stream, once that is proven whole. What was left of the table before is read
    /// and checked.
    ///
    /// - Throws: ``RowStreamFault``, which names the table.
    package func nextTable() throws -> (shape: TableShape, number: Int64?)? {
        while table != nil { _ = try next() }
        let before = whole
        guard let (letter, content) = try block() else { throw RowStreamFault("it ends too early: behind \(place)") }
        switch letter {
        case .table:
            let (shape, number) = try Self.header(content)
            table = (shape, 0, SHA256())
            return (shape, number)
        case .last:
            guard content == Array(before.finalize()) else { throw RowStreamFault("its checksum is wrong") }
            guard try file.read(upToCount: 1)?.isEmpty != false else { throw RowStreamFault("something stands behind its end") }
            return nil
        default: throw RowStreamFault("rows of no table behind \(place)")
        }
    }

    /// The next row of the current table; `nil` behind its last.
    package func next() throws -> [SQLValue]? {
        if let row = rows.popFirst() { return row }
        guard let current = table else { return nil }
        guard let (letter, content) = try block() else { throw RowStreamFault("it ends too early: in the table \(current.shape.name)") }
        switch letter {
        case .rows:
            table?.hash.update(data: content)
            rows = try RowCoding.rows(in: content, width: current.shape.columns.count)[...]
            table?.rows += rows.count
            return rows.popFirst()
        case .end:
            let digest = Array(current.hash.finalize())
            let said = try RowCoding.rows(in: content, width: 2).first
            guard said == [.integer(Int64(current.rows)), .blob(digest)] else {
                throw RowStreamFault("the table \(current.shape.name) is damaged: its rows are not those that were written")
            }
            tables.append(TableSummary(name: current.shape.name, rows: current.rows, sha256: RowStream.hexadecimal(digest)))
            table = nil
            return nil
        default: throw RowStreamFault("the table \(current.shape.name) has no end")
        }
    }

    private var place: String { tables.last.map { "the table \($0.name)" } ?? "its beginning" }

    private func block() throws -> (RowStream.Letter, [UInt8])? {
        let head = try take(9)
        guard head.count == 9 else { return nil }
        let lengths = [head[1..<5], head[5..<9]].map { $0.reduce(0) { $0 << 8 | Int($1) } }
        let name = table.map { "in the table \($0.shape.name)" } ?? "behind \(place)"
        guard let letter = RowStream.Letter(rawValue: head[0]), lengths.allSatisfy({ $0 <= RowStream.mostBytes }) else {
            throw RowStreamFault("it is damaged \(name)")
        }
        let content = try take(lengths[0])
        guard content.count == lengths[0] else { return nil }
        guard letter == .rows else {
            guard lengths[0] == lengths[1] else { throw RowStreamFault("it is damaged \(name)") }
            return (letter, content)
        }
        do {
            return (letter, try Compression.unzstd(content, length: lengths[1]))
        } catch {
            throw RowStreamFault("it is damaged \(name)")
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let piece = try file.read(upToCount: count - bytes.count), !piece.isEmpty { bytes += piece }
        whole.update(data: bytes)
        return bytes
    }

    private static func header(_ content: [UInt8]) throws -> (TableShape, Int64?) {
        let values = try RowCoding.rows(in: content, width: 1).map { $0[0] }
        var rest = values[...]
        func integer() throws -> Int {
            guard case .integer(let integer) = rest.popFirst() else { throw RowStreamFault("the head of a table is damaged") }
            return Int(integer)
        }
        func text() throws -> String {
            guard case .text(let text) = rest.popFirst(), text.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
            else {
                throw RowStreamFault("the head of a table is damaged")
            }
            return text
        }
        let name = try text()
        let number = Int64?(sqlValue: rest.popFirst() ?? .null) ?? nil
        let keys = try integer()
        guard (1...values.count).contains(keys) else { throw RowStreamFault("the head of a table is damaged") }
        let key = try (0..<keys).map { _ in try integer() }
        var columns: [TableShape.Column] = []
        while !rest.isEmpty {
            let column = try text()
            guard let type = TableShape.ValueType(rawValue: UInt8(truncatingIfNeeded: try integer())) else {
                throw RowStreamFault("the table \(name) has a column of an unknown type")
            }
            columns.append(TableShape.Column(name: column, type: type))
        }
        guard key.allSatisfy(columns.indices.contains) else { throw RowStreamFault("the head of a table is damaged") }
        return (TableShape(name: name, columns: columns, key: key), number)
    }
}
