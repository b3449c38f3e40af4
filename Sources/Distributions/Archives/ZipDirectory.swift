// Finds a zip's central directory and decodes its records.

/// Where the central directory lies and how many members it claims.
struct ZipDirectory {
    let offset: Int64
    let size: Int64
    let entryCount: UInt64

    private static let endRecordBytes: Int64 = 22
    private static let locatorBytes: Int64 = 20
    private static let zip64EndRecordBytes: Int64 = 56

    init(locatedIn source: ArchiveSource) throws(InvalidArchive) {
        let end = try Self.endRecordOffset(in: source)
        var record = LittleEndianFields(try source.read(at: end, count: Int(Self.endRecordBytes)))
        try record.skip(4)
        let disk = try record.uint16()
        let directoryDisk = try record.uint16()
        let entriesHere = try record.uint16()
        var entryCount = UInt64(try record.uint16())
        var size = UInt64(try record.uint32())
        var offset = UInt64(try record.uint32())
        var directoryEnd = end

        // A locator directly before the end record makes this ZIP64, whether or not the short fields overflowed.
        if let zip64 = try Self.zip64EndRecordOffset(before: end, in: source) {
            var record = LittleEndianFields(try source.read(at: zip64, count: Int(Self.zip64EndRecordBytes)))
            guard try record.uint32() == 0x0606_4b50, try record.uint64() == 44 else {
                throw InvalidArchive(.malformed, "zip has a damaged ZIP64 end record")
            }
            try record.skip(4)
            let disks = (try record.uint32(), try record.uint32())
            let here = try record.uint64()
            let zip64Count = try record.uint64()
            let zip64Size = try record.uint64()
            let zip64Offset = try record.uint64()
            // The short fields may say "see ZIP64" but not something else: readers without ZIP64 would see another archive.
            guard disks == (0, 0), here == zip64Count,
                entryCount == 0xFFFF || entryCount == zip64Count,
                size == 0xFFFF_FFFF || size == zip64Size,
                offset == 0xFFFF_FFFF || offset == zip64Offset
            else { throw InvalidArchive(.malformed, "zip has two end records that disagree") }
            (entryCount, size, offset, directoryEnd) = (zip64Count, zip64Size, zip64Offset, zip64)
        } else {
            guard disk == 0, directoryDisk == 0, UInt64(entriesHere) == entryCount else {
                throw InvalidArchive(.unsupported, "zip is split over several files")
            }
        }
        guard size <= UInt64(directoryEnd), offset == UInt64(directoryEnd) - size else {
            throw InvalidArchive(.malformed, "zip central directory is not where its end record says")
        }
        // The smallest record has 46 bytes: a larger claim is refused before anything is reserved for it.
        guard entryCount <= size / 46 else { throw InvalidArchive(.malformed, "zip claims more members than its directory can hold") }
        self.offset = Int64(offset)
        self.size = Int64(size)
        self.entryCount = entryCount
    }

    /// The end record is last, followed only by a comment of at most 65,535 bytes whose length it tells.
    private static func endRecordOffset(in source: ArchiveSource) throws(InvalidArchive) -> Int64 {
        guard source.size >= endRecordBytes else { throw InvalidArchive(.malformed, "is not a zip file") }
        let tailBytes = min(source.size, endRecordBytes + 65_535)
        let tail = try source.read(at: source.size - tailBytes, count: Int(tailBytes))
        var position = tail.count - Int(endRecordBytes)
        var isFollowed = false
        while position >= 0 {
            if tail[position] == 0x50, tail[position + 1] == 0x4b, tail[position + 2] == 5, tail[position + 3] == 6 {
                let comment = Int(tail[position + 20]) | Int(tail[position + 21]) << 8
                if position + Int(endRecordBytes) + comment == tail.count { return source.size - tailBytes + Int64(position) }
                isFollowed = isFollowed || position + Int(endRecordBytes) + comment < tail.count
            }
            position -= 1
        }
        throw InvalidArchive(.malformed, isFollowed ? "zip has data after its end record" : "is not a zip file")
    }

    private static func zip64EndRecordOffset(before end: Int64, in source: ArchiveSource) throws(InvalidArchive) -> Int64? {
        guard end >= locatorBytes + zip64EndRecordBytes else { return nil }
        var locator = LittleEndianFields(try source.read(at: end - locatorBytes, count: Int(locatorBytes)))
        guard try locator.uint32() == 0x0706_4b50 else { return nil }
        let disk = try locator.uint32()
        let offset = try locator.uint64()
        let disks = try locator.uint32()
        guard disk == 0, disks <= 1, offset == UInt64(end - locatorBytes - zip64EndRecordBytes) else {
            throw InvalidArchive(.malformed, "zip has a damaged ZIP64 locator")
        }
        return Int64(offset)
    }
}

extension ZipEntry {
    /// Decodes one central directory record (APPNOTE 4.3.12) and its ZIP64 extra field (4.5.3).
    init(centralRecord fields: inout LittleEndianFields, limits: ArchiveLimits) throws(InvalidArchive) {
        guard try fields.uint32() == 0x0201_4b50 else { throw InvalidArchive(.malformed, "zip central directory is damaged") }
        try fields.skip(4)
        flags = try fields.uint16()
        method = Method(number: try fields.uint16())
        try fields.skip(4)
        crc32 = try fields.uint32()
        var compressed = UInt64(try fields.uint32())
        var uncompressed = UInt64(try fields.uint32())
        let nameBytes = Int(try fields.uint16())
        let extraBytes = Int(try fields.uint16())
        let commentBytes = Int(try fields.uint16())
        let disk = try fields.uint16()
        try fields.skip(4)
        mode = try fields.uint16()
        var offset = UInt64(try fields.uint32())
        guard nameBytes <= limits.nameBytes else { throw InvalidArchive(.tooLarge, "zip has a member name of more than \(limits.nameBytes) bytes") }
        guard disk == 0 || disk == 0xFFFF else { throw InvalidArchive(.unsupported, "zip is split over several files") }
        guard let (name, isForeign) = ForeignName.decode(try fields.bytes(nameBytes), limits: limits), !name.isEmpty else {
            throw InvalidArchive(.malformed, "zip has a member name that is not UTF-8")
        }
        var extra = LittleEndianFields(try fields.bytes(extraBytes))
        try fields.skip(commentBytes)
        do {
            while !extra.isAtEnd {
                let id = try extra.uint16()
                var field = LittleEndianFields(try extra.bytes(Int(try extra.uint16())))
                guard id == 1 else { continue }
                // Only the values whose short field is full are present, in this order.
                if uncompressed == 0xFFFF_FFFF { uncompressed = try field.uint64() }
                if compressed == 0xFFFF_FFFF { compressed = try field.uint64() }
                if offset == 0xFFFF_FFFF { offset = try field.uint64() }
            }
        } catch {
            throw InvalidArchive(.malformed, "zip member \(name) has an extra field that is cut short")
        }
        let largest = UInt64(Int64.max / 4)
        guard compressed <= largest, uncompressed <= largest, offset <= largest else {
            throw InvalidArchive(.malformed, "zip member \(name) has an impossible size")
        }
        self.name = name
        hasForeignName = isForeign
        compressedSize = Int64(compressed)
        size = Int64(uncompressed)
        localHeaderOffset = Int64(offset)
    }
}

extension ZipEntry.Method {
    init(number: UInt16) {
        switch number {
        case 0: self = .stored
        case 8: self = .deflated
        default: self = .other(number)
        }
    }
}

/// A cursor over little-endian fields that refuses to read past the end.
struct LittleEndianFields {
    private let bytesLeft: [UInt8]
    private var position = 0

    init(_ bytes: some Sequence<UInt8>) { bytesLeft = Array(bytes) }

    var isAtEnd: Bool { position == bytesLeft.count }

    mutating func bytes(_ count: Int) throws(InvalidArchive) -> ArraySlice<UInt8> {
        guard count <= bytesLeft.count - position else { throw InvalidArchive(.malformed, "zip record is cut short") }
        defer { position += count }
        return bytesLeft[position..<position + count]
    }

    mutating func skip(_ count: Int) throws(InvalidArchive) { _ = try bytes(count) }
    mutating func uint16() throws(InvalidArchive) -> UInt16 { UInt16(truncatingIfNeeded: try number(2)) }
    mutating func uint32() throws(InvalidArchive) -> UInt32 { UInt32(truncatingIfNeeded: try number(4)) }
    mutating func uint64() throws(InvalidArchive) -> UInt64 { try number(8) }

    private mutating func number(_ count: Int) throws(InvalidArchive) -> UInt64 {
        var value: UInt64 = 0
        for (index, byte) in try bytes(count).enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
        return value
    }
}
