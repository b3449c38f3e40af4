// Rows as bytes.

package import SQLDatabase

/// Writes values so that equal rows are equal bytes, whichever engine they come from: a kind, then the value. Numbers are big-endian.
package enum RowCoding {
    private enum Kind: UInt8 {
        case null
        case integer
        case real
        case no
        case yes
        case text
        case blob
    }

    package static func append(_ row: [SQLValue], to bytes: inout [UInt8]) {
        for value in row {
            switch value {
            case .null: bytes.append(Kind.null.rawValue)
            case .integer(let integer): append(UInt64(bitPattern: integer), .integer, to: &bytes)
            case .real(let real): append(real.bitPattern, .real, to: &bytes)
            case .boolean(let boolean): bytes.append((boolean ? Kind.yes : Kind.no).rawValue)
            case .text(let text):
                var text = text
                text.withUTF8 { append($0, .text, to: &bytes) }
            case .blob(let blob): blob.withUnsafeBufferPointer { append($0, .blob, to: &bytes) }
            }
        }
    }

    private static func append(_ word: UInt64, _ kind: Kind, to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ content: UnsafeBufferPointer<UInt8>, _ kind: Kind, to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        withUnsafeBytes(of: UInt32(content.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: content)
    }

    /// Reads rows of `width` values until the bytes end.
    ///
    /// - Throws: ``RowStreamFault``.
    package static func rows(in bytes: [UInt8], width: Int) throws(RowStreamFault) -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        var position = 0
        while position < bytes.count {
            var row: [SQLValue] = []
            row.reserveCapacity(width)
            for _ in 0..<width { row.append(try value(in: bytes, at: &position)) }
            rows.append(row)
        }
        return rows
    }

    private static func value(in bytes: [UInt8], at position: inout Int) throws(RowStreamFault) -> SQLValue {
        func take(_ count: Int) throws(RowStreamFault) -> ArraySlice<UInt8> {
            guard count <= bytes.count - position else { throw RowStreamFault("a row ends too early") }
            defer { position += count }
            return bytes[position..<position + count]
        }
        func word(_ count: Int) throws(RowStreamFault) -> UInt64 {
            var word: UInt64 = 0
            for byte in try take(count) { word = word << 8 | UInt64(byte) }
            return word
        }
        guard let kind = Kind(rawValue: try take(1).first ?? 0xFF) else { throw RowStreamFault("a value of no known kind") }
        switch kind {
        case .null: return .null
        case .integer: return .integer(Int64(bitPattern: try word(8)))
        case .real: return .real(Double(bitPattern: try word(8)))
        case .no: return .boolean(false)
        case .yes: return .boolean(true)
        case .text:
            guard let text = String(validating: try take(Int(try word(4))), as: UTF8.self) else { throw RowStreamFault("a text that is none") }
            return .text(text)
        case .blob: return .blob(Array(try take(Int(try word(4)))))
        }
    }
}

/// What is wrong with a stream of rows.
package struct RowStreamFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
