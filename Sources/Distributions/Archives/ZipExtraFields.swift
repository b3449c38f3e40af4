// The extra fields of one zip record, and the sizes they stand in for (APPNOTE 4.5).

/// The two kinds of extra fields that change what a member is called or how long it is.
struct ZipExtraFields {
    private static let zip64ID: UInt16 = 0x0001
    private static let unicodePathID: UInt16 = 0x7075

    private var zip64: [UInt8]?

    /// - Throws: `InvalidArchive` when a field is cut short or one of the two kinds is there twice, is damaged, or gives another name.
    init(_ bytes: ArraySlice<UInt8>, of name: String) throws(InvalidArchive) {
        var fields = LittleEndianFields(bytes)
        var hasUnicodePath = false
        while !fields.isAtEnd {
            let field: (id: UInt16, content: ArraySlice<UInt8>)
            do {
                field = (try fields.uint16(), try fields.bytes(Int(try fields.uint16())))
            } catch {
                throw InvalidArchive(.malformed, "zip member \(name) has an extra field that is cut short")
            }
            switch field.id {
            case Self.zip64ID:
                guard zip64 == nil else { throw InvalidArchive(.malformed, "zip member \(name) has two ZIP64 extra fields") }
                guard [0, 8, 16, 24, 28].contains(field.content.count) else {
                    throw InvalidArchive(.malformed, "zip member \(name) has a ZIP64 extra field of \(field.content.count) bytes")
                }
                zip64 = Array(field.content)
            case Self.unicodePathID:
                guard !hasUnicodePath else { throw InvalidArchive(.malformed, "zip member \(name) has two Unicode path extra fields") }
                hasUnicodePath = true
                // One byte of version, four of checksum. A name that differs would give the member another path in some readers.
                let path = try ZipName.text(field.content.dropFirst(5), what: "Unicode path")
                guard path.utf8.elementsEqual(name.utf8) else {
                    throw InvalidArchive(.malformed, "zip member \(name) has another name in its Unicode path extra field")
                }
            default:
                break
            }
        }
    }

    struct Sizes: Equatable {
        let compressed: Int64
        let uncompressed: Int64
    }

    /// The true sizes, of which the record's own fields may only say "see the ZIP64 field" (0xFFFFFFFF).
    ///
    /// Programs disagree on whether absent values keep their place in that field, so it must mean the same either way.
    /// - Parameter offset: the record's offset field; a local header has none.
    func sizes(compressed: UInt32, uncompressed: UInt32, offset: UInt32?, method: ZipEntry.Method, name: String) throws(InvalidArchive) -> Sizes {
        let ambiguous = InvalidArchive(.malformed, "zip member \(name) has a ZIP64 extra field that can be read in two ways")
        let short = [uncompressed, compressed] + (offset.map { [$0] } ?? [])
        var sizes = [UInt64(uncompressed), UInt64(compressed)]
        guard let zip64, !zip64.isEmpty else {
            guard !short.contains(.max) else { throw InvalidArchive(.malformed, "zip member \(name) lacks its ZIP64 sizes") }
            return Sizes(compressed: Int64(compressed), uncompressed: Int64(uncompressed))
        }
        if zip64.count == 8 && method != .stored {
            throw InvalidArchive(.malformed, "zip member \(name) is compressed but has only one ZIP64 size")
        }
        var fields = LittleEndianFields(zip64)
        var values: [UInt64] = []
        for _ in 0..<min(3, zip64.count / 8) { values.append(try fields.uint64()) }

        var next = 0
        for (place, value) in short.enumerated() where value == .max {
            if next == values.count {
                // Of a stored member one size says both.
                guard place == 1, values.count == 1, uncompressed == .max else { throw ambiguous }
                sizes[1] = sizes[0]
                continue
            }
            if place < 2 { sizes[place] = values[next] }
            // With a single value there is no place to keep.
            guard values.count == 1 || next == place else { throw ambiguous }
            next += 1
        }
        for (place, value) in short.enumerated() where value != .max && place < values.count && values.count > 1 {
            guard values[place] == UInt64(value) else { throw ambiguous }
        }
        guard let whole = Int64(exactly: sizes[0]), let packed = Int64(exactly: sizes[1]) else {
            throw InvalidArchive(.malformed, "zip member \(name) has an impossible size")
        }
        return Sizes(compressed: packed, uncompressed: whole)
    }
}

/// Member names as they lie in the archive.
enum ZipName {
    /// - Throws: `InvalidArchive` unless it is UTF-8 without control bytes.
    static func text(_ bytes: ArraySlice<UInt8>, what: String) throws(InvalidArchive) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw InvalidArchive(.malformed, "zip has a \(what) that is not UTF-8") }
        guard !bytes.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw InvalidArchive(.malformed, "zip has a \(what) with a control character")
        }
        return text
    }
}
