// How rows lie in a file.

import Crypto

/// The format of a file of rows, version 1:
///
///     "EMPROWS1"
///     for each table: a block `T`, blocks `R`, a block `E`
///     a block `Z`
///
/// A block is its letter, the length of its content as it lies there, the length of its content, four bytes each, and the content. Only `R` is compressed,
/// each by itself (Zstandard). No row reaches from one block into another.
///
/// | block | content |
/// |---|---|
/// | `T` | the table's name, columns, types and key, and the highest number it has given, as a row of texts and numbers |
/// | `R` | rows (``RowCoding``) |
/// | `E` | how many rows the table has, and the SHA-256 of all of them |
/// | `Z` | the SHA-256 of every byte before this block |
enum RowStream {
    static let magic = Array("EMPROWS1".utf8)
    /// Rows are collected until they have so many bytes.
    static let blockBytes = 256 << 10
    /// No block is longer.
    static let mostBytes = 1 << 30

    enum Letter: UInt8 {
        case table = 0x54
        case rows = 0x52
        case end = 0x45
        case last = 0x5A
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// What a table in a stream, or in a database, holds.
package struct TableSummary: Sendable, Hashable, Codable {
    package let name: String
    package let rows: Int
    /// Of all its rows in the order of their key, in hexadecimal digits.
    package let sha256: String
}
