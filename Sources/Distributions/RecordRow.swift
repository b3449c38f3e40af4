// The rows of a wheel's RECORD.

/// One file as `RECORD` lists it: `path,algorithm=digest,size`.
struct RecordRow: Sendable, Hashable {
    /// With `/` between its parts, whatever the file says.
    let path: String
    /// In lower case; nil when no hash is given.
    let algorithm: String?
    /// URL-safe base64, without the padding that some writers add.
    let digest: String
    /// As written; nil when empty.
    let size: String?

    /// Reads all rows (RFC 4180 with any line end); blank lines are ignored.
    /// - Throws: `InvalidArchive` when it is not UTF-8, a quoted field does not end, there are more than `limit` rows, or a path has more
    ///   than `pathBytes` bytes: no member's can.
    static func rows(of bytes: [UInt8], limit: Int, pathBytes: Int = ArchiveLimits().nameBytes) throws(InvalidArchive) -> [RecordRow] {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw InvalidArchive(.malformed, "its RECORD is not UTF-8") }
        var rows: [RecordRow] = []
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var index = 0
        var isQuoted = false
        var isBlank = true

        func endRow() throws(InvalidArchive) {
            if !isBlank {
                guard rows.count < limit else { throw InvalidArchive(.tooLarge, "its RECORD has more than \(limit) lines") }
                guard (fields.first ?? field).count <= pathBytes else {
                    throw InvalidArchive(.tooLarge, "its RECORD has a path of more than \(pathBytes) bytes")
                }
                rows.append(RecordRow(fields + [field]))
            }
            fields = []
            field = []
            isBlank = true
        }

        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\"") where isQuoted:
                if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
            case _ where isQuoted:
                field.append(byte)
            case UInt8(ascii: "\"") where field.isEmpty:
                isQuoted = true
                isBlank = false
            case UInt8(ascii: ","):
                // Only the first three fields are ever asked for.
                if fields.count < 3 { fields.append(field) }
                field = []
                isBlank = false
            case 0x0A, 0x0D:
                try endRow()
            default:
                field.append(byte)
                isBlank = false
            }
        }
        guard !isQuoted else { throw InvalidArchive(.malformed, "its RECORD has a quoted field without an end") }
        try endRow()
        return rows
    }

    private init(_ fields: [[UInt8]]) {
        path = String(decoding: fields[0].map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
        let hash = fields.count > 1 ? fields[1] : []
        if let equals = hash.firstIndex(of: UInt8(ascii: "=")) {
            algorithm = String(decoding: hash[..<equals], as: UTF8.self).lowercased()
            let text = hash[(equals + 1)...]
            let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
            digest = String(decoding: text.dropLast(padding), as: UTF8.self)
        } else {
            algorithm = hash.isEmpty ? nil : String(decoding: hash, as: UTF8.self).lowercased()
            digest = ""
        }
        size = fields.count > 2 && !fields[2].isEmpty ? String(decoding: fields[2], as: UTF8.self) : nil
    }
}
