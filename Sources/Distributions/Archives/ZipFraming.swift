// Proves that a zip reads the same from its first byte and from its directory at the end (index §2.13, "Zip framing check").

/// Programs find a zip's members in two ways: by walking the local headers, or by the central directory. A zip in which the two differ
/// shows one program what another does not see. This check walks every record from offset 0 and compares it with the directory.
///
/// Memory grows with the directory, which `ArchiveLimits` bounds, and not with the archive.
struct ZipFraming {
    private enum Signature {
        static let local: UInt32 = 0x0403_4b50
        static let central: UInt32 = 0x0201_4b50
        static let end: UInt32 = 0x0605_4b50
        static let zip64End: UInt32 = 0x0606_4b50
        static let zip64Locator: UInt32 = 0x0706_4b50
    }

    private enum Stage: Int {
        case members, directory, zip64End, locator, ended
    }

    private let zip: ZipReader
    private var cursor: ArchiveCursor
    private var stage = Stage.members
    private var places: [[UInt8]: Int] = [:]
    private var isSeen: [Bool]
    private var localCount = 0
    private var centralCount = 0
    private var directoryStart: Int64 = 0
    private var directoryEnd: Int64 = 0
    private var zip64EndStart: Int64 = 0

    /// - Throws: `InvalidArchive` with the first difference or forbidden feature.
    static func check(_ zip: ZipReader) throws(InvalidArchive) {
        var framing = try ZipFraming(zip)
        while framing.stage != .ended { try framing.record() }
        guard framing.cursor.isAtEnd else { throw InvalidArchive(.malformed, "zip has data after its end record") }
    }

    private init(_ zip: ZipReader) throws(InvalidArchive) {
        self.zip = zip
        cursor = ArchiveCursor(zip.source)
        isSeen = Array(repeating: false, count: zip.entries.count)
        places.reserveCapacity(zip.entries.count)
        for (index, entry) in zip.entries.enumerated() {
            let name = Array(entry.name.utf8)
            _ = try ZipName.text(name[...], what: "member name in its directory")
            guard places.updateValue(index, forKey: name) == nil else {
                throw InvalidArchive(.malformed, "zip lists \(entry.name) more than once")
            }
        }
    }

    private mutating func record() throws(InvalidArchive) {
        let start = cursor.offset
        var signature = LittleEndianFields(try cursor.take(4))
        switch (try signature.uint32(), stage) {
        case (Signature.local, .members):
            try local(at: start)
        case (Signature.central, .members), (Signature.central, .directory):
            if stage == .members { try enterDirectory(at: start) }
            try central()
        case (Signature.zip64End, .members), (Signature.zip64End, .directory):
            if stage == .members { try enterDirectory(at: start) }
            zip64EndStart = start
            directoryEnd = start
            try zip64End()
        case (Signature.zip64Locator, .zip64End):
            try zip64Locator()
        case (Signature.end, .members), (Signature.end, .directory), (Signature.end, .locator):
            if stage == .members { try enterDirectory(at: start) }
            if stage != .locator { directoryEnd = start }
            try end()
        case (Signature.end, .zip64End):
            throw InvalidArchive(.malformed, "zip has a ZIP64 end record without its locator")
        case (Signature.local, _), (Signature.central, _), (Signature.zip64End, _), (Signature.zip64Locator, _):
            throw InvalidArchive(.malformed, "zip has its records in a wrong order")
        default:
            throw InvalidArchive(.malformed, start == 0 ? "zip has data before its first member" : "zip has data that belongs to no member")
        }
    }

    private mutating func local(at start: Int64) throws(InvalidArchive) {
        var header = LittleEndianFields(try cursor.take(26))
        try header.skip(2)
        let flags = try header.uint16()
        let method = ZipEntry.Method(number: try header.uint16())
        try header.skip(4)
        let checksum = try header.uint32()
        let compressed = try header.uint32()
        let uncompressed = try header.uint32()
        let nameBytes = Int(try header.uint16())
        let extraBytes = Int(try header.uint16())
        let bytes = try cursor.take(nameBytes)
        let name = try ZipName.text(bytes, what: "member name")
        guard flags & 8 == 0 else { throw InvalidArchive(.unsupported, "zip member \(name) was written in streaming mode, with a data descriptor") }
        let extra = try ZipExtraFields(try cursor.take(extraBytes), of: name)
        let sizes = try extra.sizes(compressed: compressed, uncompressed: uncompressed, offset: nil, method: method, name: name)
        guard let place = places[Array(bytes)] else { throw InvalidArchive(.malformed, "zip member \(name) is missing in its directory") }
        guard !isSeen[place] else { throw InvalidArchive(.malformed, "zip has \(name) more than once") }
        isSeen[place] = true
        localCount += 1
        let entry = zip.entries[place]
        guard sizes.compressed == entry.compressedSize, sizes.uncompressed == entry.size else {
            throw InvalidArchive(.malformed, "zip member \(name) has another size in the central directory")
        }
        guard entry.localHeaderOffset == start, entry.method == method, entry.crc32 == checksum, entry.flags & 1 == flags & 1 else {
            throw InvalidArchive(.malformed, "zip member \(name) differs between its local header and the central directory")
        }
        // Bit 11 says in which encoding a name is; without other letters than ASCII it says nothing.
        guard (entry.flags ^ flags) & 0x0800 == 0 || bytes.allSatisfy({ $0 < 0x80 }) else {
            throw InvalidArchive(.malformed, "zip member \(name) has its name in two encodings")
        }
        try cursor.skip(sizes.compressed)
    }

    private static func hasEndSignature(_ comment: ArraySlice<UInt8>) -> Bool {
        comment.indices.dropLast(3).contains { comment[$0...].starts(with: [0x50, 0x4B, 5, 6]) }
    }

    private mutating func enterDirectory(at start: Int64) throws(InvalidArchive) {
        directoryStart = start
        guard start == zip.directoryOffset else { throw InvalidArchive(.malformed, "zip central directory is not where its end record says") }
        if let place = isSeen.firstIndex(of: false) {
            throw InvalidArchive(.malformed, "zip lists \(zip.entries[place].name), which it does not contain")
        }
        stage = .directory
    }

    private mutating func central() throws(InvalidArchive) {
        guard centralCount < zip.entries.count else { throw InvalidArchive(.malformed, "zip central directory is longer than its members") }
        let entry = zip.entries[centralCount]
        centralCount += 1
        var record = LittleEndianFields(try cursor.take(42))
        try record.skip(16)
        let compressed = try record.uint32()
        let uncompressed = try record.uint32()
        let nameBytes = Int(try record.uint16())
        let extraBytes = Int(try record.uint16())
        let commentBytes = try record.uint16()
        try record.skip(8)
        let offset = try record.uint32()
        guard try cursor.take(nameBytes).elementsEqual(entry.name.utf8) else { throw InvalidArchive(.malformed, "zip central directory is damaged") }
        let extra = try ZipExtraFields(try cursor.take(extraBytes), of: entry.name)
        let sizes = try extra.sizes(compressed: compressed, uncompressed: uncompressed, offset: offset, method: entry.method, name: entry.name)
        guard sizes.compressed == entry.compressedSize, sizes.uncompressed == entry.size else {
            throw InvalidArchive(.malformed, "zip member \(entry.name) has a size that can be read in two ways")
        }
        guard commentBytes == 0 else { throw InvalidArchive(.unsupported, "zip member \(entry.name) has a comment") }
    }

    private mutating func zip64End() throws(InvalidArchive) {
        var record = LittleEndianFields(try cursor.take(52))
        guard try record.uint64() == 44 else { throw InvalidArchive(.unsupported, "zip has a ZIP64 end record with more than its fixed fields") }
        try record.skip(4)
        let disks = (try record.uint32(), try record.uint32())
        let here = try record.uint64()
        let total = try record.uint64()
        let size = try record.uint64()
        let offset = try record.uint64()
        guard disks == (0, 0), here == total else { throw InvalidArchive(.unsupported, "zip is split over several files") }
        guard total == UInt64(centralCount), size == UInt64(directoryEnd - directoryStart), offset == UInt64(directoryStart) else {
            throw InvalidArchive(.malformed, "zip has a ZIP64 end record that does not describe its directory")
        }
        stage = .zip64End
    }

    private mutating func zip64Locator() throws(InvalidArchive) {
        var record = LittleEndianFields(try cursor.take(16))
        let disk = try record.uint32()
        let offset = try record.uint64()
        let disks = try record.uint32()
        guard disk == 0, disks <= 1, offset == UInt64(zip64EndStart) else { throw InvalidArchive(.malformed, "zip has a damaged ZIP64 locator") }
        stage = .locator
    }

    private mutating func end() throws(InvalidArchive) {
        var record = LittleEndianFields(try cursor.take(18))
        let disks = (try record.uint16(), try record.uint16())
        let here = try record.uint16()
        let total = try record.uint16()
        let size = try record.uint32()
        let offset = try record.uint32()
        let commentBytes = try record.uint16()
        guard disks == (0, 0), here == total else { throw InvalidArchive(.unsupported, "zip is split over several files") }
        // "See the ZIP64 end record" counts only where there is one.
        let hasZIP64 = stage == .locator
        guard UInt64(total) == UInt64(centralCount) || (hasZIP64 && total == .max),
            Int64(size) == directoryEnd - directoryStart || (hasZIP64 && size == .max),
            Int64(offset) == directoryStart || (hasZIP64 && offset == .max)
        else { throw InvalidArchive(.malformed, "zip has an end record that does not describe its directory") }
        // Some readers take the last such signature for the end record, whatever follows it.
        guard !Self.hasEndSignature(try cursor.take(Int(commentBytes))) else {
            throw InvalidArchive(.malformed, "zip has a comment that some programs take for an end record")
        }
        stage = .ended
    }
}
