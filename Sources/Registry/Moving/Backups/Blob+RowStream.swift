// Lists of stored bytes in files of rows.

import Backends
import SQLDatabase

extension Blob {
    /// As a table of a stream of rows.
    static let shape = TableShape(
        name: "blobs",
        columns: ["blake2_256", "path", "sha256", "size"].map { TableShape.Column(name: $0, type: $0 == "size" ? .integer : .text) },
        key: [1]
    )

    var row: [SQLValue] { [blake2b256.sqlValue, path.text.sqlValue, sha256.sqlValue, size.sqlValue] }

    init(row: [SQLValue]) throws(RowStreamFault) {
        guard row.count == 4, let blake = String(sqlValue: row[0]), let path = String(sqlValue: row[1]), let sha = String(sqlValue: row[2]),
            let size = Int64?(sqlValue: row[3])
        else { throw RowStreamFault("a line of the list of files is none") }
        self.init(path: try Self.path(path), size: size, sha256: sha, blake2b256: blake)
    }

    /// What a row of the table `files` names.
    ///
    /// - Parameter columns: where each column stands in the row.
    static func of(_ row: [SQLValue], columns: [String: Int]) throws -> [Blob] {
        func text(_ name: String) throws -> String? { try columns[name].map { try Self.text(row[$0]) } ?? nil }
        guard let path = try text("path"), let sha = try text("sha256"), let blake = try text("blake2_256"), let place = columns["size"],
            let size = Int64(sqlValue: row[place])
        else { throw RowStreamFault("the table files has no paths") }
        var blobs = [Blob(path: try Self.path(path), size: size, sha256: sha, blake2b256: blake)]
        if let sha = try text("metadata_sha256"), let blake = try text("metadata_blake2_256") {
            blobs.append(Blob(path: try Self.path(path + ".metadata"), size: nil, sha256: sha, blake2b256: blake))
        }
        return blobs
    }

    private static func path(_ text: String) throws(RowStreamFault) -> StoragePath {
        do throws(InvalidStoragePath) {
            return try StoragePath(text)
        } catch {
            throw RowStreamFault("\(text.debugDescription) is no path of a file")
        }
    }

    private static func text(_ value: SQLValue) throws -> String? {
        guard let text = String?(sqlValue: value) else { throw RowStreamFault("the table files holds a path that is no text") }
        return text
    }

    /// Calls `body` with everything that a stream's table `files` names, in groups.
    ///
    /// - Throws: ``RowStreamFault``; what `body` throws.
    static func each(inRows path: String, _ body: ([Blob]) async throws -> Void) async throws {
        let reader = try RowStreamReader(path: path)
        while let (shape, _) = try reader.nextTable() {
            guard shape.name == "files" else { continue }
            let columns = Dictionary(uniqueKeysWithValues: shape.columns.enumerated().map { ($1.name, $0) })
            while let row = try reader.next() { try await body(try of(row, columns: columns)) }
        }
    }

    /// Calls `body` with every line of a list of blobs.
    static func each(inList path: String, _ body: (Blob) async throws -> Void) async throws {
        let reader = try RowStreamReader(path: path)
        while let (shape, _) = try reader.nextTable() {
            guard shape.name == Self.shape.name, shape.columns == Self.shape.columns else { throw RowStreamFault("it is no list of files") }
            while let row = try reader.next() { try await body(try Blob(row: row)) }
        }
    }
}
