import Crypto
import Distributions
import Foundation
package import SQLDatabase

/// Writes rows into a file, or only counts and hashes them.
package final class RowStreamWriter {
    private let file: FileHandle?
    private var whole = SHA256()
    private var table: (name: String, rows: Int, hash: SHA256)?
    private var pending: [UInt8] = []
    package private(set) var tables: [TableSummary] = []

    /// - Parameter path: a file that is made anew; `nil` for none.
    /// - Throws: what the file system says.
    package init(path: String?) throws {
        if let path {
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw RowStreamFault("the file \(path) can not be made")
            }
            file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        } else {
            file = nil
        }
        try write(RowStream.magic)
    }

    /// - Parameter number: the highest number that the table's numbered column ever had.
    package func begin(_ shape: TableShape, number: Int64? = nil) throws {
        var header: [SQLValue] = [.text(shape.name), number.sqlValue, .integer(Int64(shape.key.count))]
        header += shape.key.map { .integer(Int64($0)) }
        for column in shape.columns { header += [.text(column.name), .integer(Int64(column.type.rawValue))] }
        var bytes: [UInt8] = []
        RowCoding.append(header, to: &bytes)
        try block(.table, bytes, length: bytes.count)
        table = (shape.name, 0, SHA256())
    }

    package func append(_ row: [SQLValue]) throws {
        RowCoding.append(row, to: &pending)
        table?.rows += 1
        if pending.count >= RowStream.blockBytes { try flush() }
    }

    package func end() throws {
        try flush()
        guard let table else { return }
        let digest = Array(table.hash.finalize())
        var bytes: [UInt8] = []
        RowCoding.append([.integer(Int64(table.rows)), .blob(digest)], to: &bytes)
        try block(.end, bytes, length: bytes.count)
        tables.append(TableSummary(name: table.name, rows: table.rows, sha256: RowStream.hexadecimal(digest)))
        self.table = nil
    }

    /// Ends the stream; what was written survives a power cut.
    package func finish() throws {
        let digest = Array(whole.finalize())
        try block(.last, digest, length: digest.count)
        try file?.synchronize()
        try file?.close()
    }

    private func flush() throws {
        guard !pending.isEmpty else { return }
        table?.hash.update(data: pending)
        if file != nil {
            guard pending.count < RowStream.mostBytes else { throw RowStreamFault("a row is too long") }
            try block(.rows, Compression.zstd(pending), length: pending.count)
        }
        pending.removeAll(keepingCapacity: true)
    }

    private func block(_ letter: RowStream.Letter, _ content: [UInt8], length: Int) throws {
        var head = [letter.rawValue]
        for number in [content.count, length] { withUnsafeBytes(of: UInt32(number).bigEndian) { head.append(contentsOf: $0) } }
        try write(head)
        try write(content)
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let file else { return }
        whole.update(data: bytes)
        try file.write(contentsOf: bytes)
    }
}
