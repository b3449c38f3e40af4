// Reads zip archives by their central directory (PKWARE APPNOTE 6.3, with ZIP64).
import CZlib

/// One member of a zip, as the central directory describes it.
public struct ZipEntry: Sendable, Hashable {
    public enum Method: Sendable, Hashable {
        case stored
        case deflated
        /// Any other method number: such a member can be listed but not read.
        case other(UInt16)
    }

    /// The path inside the archive, valid UTF-8, exactly as written (may contain `..` or a leading slash).
    public let name: String
    public let method: Method
    public let crc32: UInt32
    /// Bytes within the archive.
    public let compressedSize: Int64
    /// Bytes once decompressed, as declared.
    public let size: Int64
    /// General purpose bit flags (APPNOTE 4.4.4).
    public let flags: UInt16
    /// Where the member's local header starts.
    public let localHeaderOffset: Int64
    /// The Unix mode in the upper half of the external attributes (APPNOTE 4.4.15), whatever system it is said to come from; often 0.
    public let mode: UInt16
    /// Whether the name is no UTF-8, and `name` what `ForeignName` makes of it. Never where the limits do not allow it.
    let hasForeignName: Bool

    public var isDirectory: Bool { name.utf8.last == UInt8(ascii: "/") }
    public var isEncrypted: Bool { flags & 1 != 0 }
}

/// An opened zip: its members, and the content of any one of them. Reading blocks the calling thread.
///
/// The directory must lie directly before its end record: a zip with anything in between is one that two programs may read differently.
public struct ZipReader: Sendable {
    /// The members in the order of the central directory.
    public let entries: [ZipEntry]
    /// The bytes themselves.
    let source: ArchiveSource
    /// Where the central directory starts.
    let directoryOffset: Int64

    /// Opens the zip at `path`.
    public init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidArchive) {
        try self.init(ArchiveSource(path: path), limits: limits)
    }

    /// - Throws: `InvalidArchive` when this is no zip, its directory is damaged, or a limit is exceeded.
    public init(_ source: ArchiveSource, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidArchive) {
        let directory = try ZipDirectory(locatedIn: source)
        guard directory.entryCount <= UInt64(limits.entries) else {
            throw InvalidArchive(.tooLarge, "zip has more than \(limits.entries) members")
        }
        guard directory.size <= limits.directoryBytes else {
            throw InvalidArchive(.tooLarge, "zip has a central directory of more than \(limits.directoryBytes) bytes")
        }
        var fields = LittleEndianFields(try source.read(at: directory.offset, count: Int(directory.size)))
        var entries: [ZipEntry] = []
        var pathBytes = 0
        for _ in 0..<directory.entryCount {
            let entry = try ZipEntry(centralRecord: &fields, limits: limits)
            pathBytes += entry.name.utf8.count
            guard pathBytes <= limits.pathBytes else {
                throw InvalidArchive(.tooLarge, "zip has member names of more than \(limits.pathBytes) bytes together")
            }
            entries.append(entry)
        }
        guard fields.isAtEnd else { throw InvalidArchive(.malformed, "zip central directory is longer than its members") }
        self.entries = entries
        self.source = source
        directoryOffset = directory.offset
    }

    /// The decompressed content of one member, its length and CRC-32 verified.
    /// - Parameter limit: the most bytes the result may have.
    /// - Throws: `InvalidArchive`: `.tooLarge` beyond the limit, `.unsupported` when encrypted or compressed in another way.
    public func read(_ entry: ZipEntry, limit: Int) throws(InvalidArchive) -> [UInt8] {
        var content: [UInt8] = []
        // Told by the archive, and believed up to the limit only.
        if entry.size <= limit { content.reserveCapacity(Int(entry.size)) }
        try read(entry, limit: Int64(limit)) { content.append(contentsOf: $0) }
        return content
    }

    /// The first `count` bytes of one member, decompressed; all of them when it has no more, its CRC-32 verified only then.
    /// - Throws: `InvalidArchive` as `read(_:limit:)`, for what was looked at.
    public func prefix(of entry: ZipEntry, count: Int) throws(InvalidArchive) -> [UInt8] {
        if entry.size <= count { return try read(entry, limit: count) }
        var content: [UInt8] = []
        func pass(_ piece: ArraySlice<UInt8>) throws(InvalidArchive) {
            content.append(contentsOf: piece.prefix(count - content.count))
            // Ends the reading; never seen outside.
            if content.count >= count { throw InvalidArchive(.tooLarge, "zip member \(entry.name) has more than \(count) bytes") }
        }
        do {
            try unpack(entry, to: pass)
        } catch {
            guard content.count >= count else { throw error }
            return content
        }
        throw InvalidArchive(.malformed, "zip member \(entry.name) is shorter than declared")
    }

    /// Passes the decompressed content of one member on piece by piece (at most 64 KiB each).
    /// What was passed on counts only once this has returned: the CRC-32 is known at the end.
    public func read(_ entry: ZipEntry, limit: Int64, into body: (ArraySlice<UInt8>) -> Void) throws(InvalidArchive) {
        guard entry.size <= limit else { throw InvalidArchive(.tooLarge, "zip member \(entry.name) has more than \(limit) bytes") }
        var checksum: UInt = 0
        var total: Int64 = 0
        func pass(_ piece: ArraySlice<UInt8>) throws(InvalidArchive) {
            total += Int64(piece.count)
            guard total <= entry.size else { throw InvalidArchive(.malformed, "zip member \(entry.name) is longer than declared") }
            checksum = piece.withUnsafeBufferPointer { CZlib.crc32(checksum, $0.baseAddress, UInt32($0.count)) }
            body(piece)
        }
        try unpack(entry, to: pass)
        guard total == entry.size else { throw InvalidArchive(.malformed, "zip member \(entry.name) is shorter than declared") }
        guard checksum == UInt(entry.crc32) else { throw InvalidArchive(.malformed, "zip member \(entry.name) has a wrong checksum") }
    }

    /// The members whose path is exactly `name`; more than one is legal in the format.
    public func entries(named name: String) -> [ZipEntry] {
        entries.filter { $0.name.utf8.elementsEqual(name.utf8) }
    }

    private static let pieceBytes: Int64 = 64 * 1024

    private func unpack(_ entry: ZipEntry, to pass: (ArraySlice<UInt8>) throws(InvalidArchive) -> Void) throws(InvalidArchive) {
        guard !entry.isEncrypted else { throw InvalidArchive(.unsupported, "zip member \(entry.name) is encrypted") }
        let start = try dataOffset(of: entry)
        guard entry.compressedSize <= directoryOffset - start else {
            throw InvalidArchive(.malformed, "zip member \(entry.name) runs into the central directory")
        }
        switch entry.method {
        case .stored: try copy(entry, from: start, to: pass)
        case .deflated: try inflate(entry, from: start, to: pass)
        case .other(let number): throw InvalidArchive(.unsupported, "zip member \(entry.name) uses compression method \(number)")
        }
    }

    private func copy(_ entry: ZipEntry, from start: Int64, to pass: (ArraySlice<UInt8>) throws(InvalidArchive) -> Void) throws(InvalidArchive) {
        guard entry.size == entry.compressedSize else {
            throw InvalidArchive(.malformed, "zip member \(entry.name) is stored but has two sizes")
        }
        var done: Int64 = 0
        while done < entry.compressedSize {
            let count = min(Self.pieceBytes, entry.compressedSize - done)
            try pass(try source.read(at: start + done, count: Int(count))[...])
            done += count
        }
    }

    private func inflate(_ entry: ZipEntry, from start: Int64, to pass: (ArraySlice<UInt8>) throws(InvalidArchive) -> Void) throws(InvalidArchive) {
        let inflater = Inflater(format: .deflate)
        // One byte more than it should need, so that too much is noticed.
        var output = [UInt8](repeating: 0, count: Int(min(Self.pieceBytes, entry.size + 1)))
        var input: ArraySlice<UInt8> = []
        var fetched: Int64 = 0
        while true {
            if input.isEmpty && fetched < entry.compressedSize {
                let count = min(Self.pieceBytes, entry.compressedSize - fetched)
                input = try source.read(at: start + fetched, count: Int(count))[...]
                fetched += count
            }
            let step = try inflater.step(input: input, output: &output)
            input = input.dropFirst(step.consumed)
            if step.produced > 0 { try pass(output[..<step.produced]) }
            if step.ended { break }
            guard step.consumed > 0 || step.produced > 0 else {
                throw InvalidArchive(.malformed, "zip member \(entry.name) ends too early")
            }
        }
        guard input.isEmpty && fetched == entry.compressedSize else {
            throw InvalidArchive(.malformed, "zip member \(entry.name) has data after its end")
        }
    }

    /// Where the member's bytes start, after a local header that must tell the same name and method as the directory.
    private func dataOffset(of entry: ZipEntry) throws(InvalidArchive) -> Int64 {
        var header = LittleEndianFields(try source.read(at: entry.localHeaderOffset, count: 30))
        guard try header.uint32() == 0x0403_4b50 else { throw InvalidArchive(.malformed, "zip member \(entry.name) has no local header") }
        try header.skip(2)
        let flags = try header.uint16()
        let method = ZipEntry.Method(number: try header.uint16())
        try header.skip(16)
        let nameBytes = Int(try header.uint16())
        let extraBytes = Int(try header.uint16())
        let name = try source.read(at: entry.localHeaderOffset + 30, count: nameBytes)
        let isSameName = entry.hasForeignName ? ForeignName.text(name) == entry.name : name.elementsEqual(entry.name.utf8)
        guard isSameName, method == entry.method, flags & 1 == entry.flags & 1 else {
            throw InvalidArchive(.malformed, "zip member \(entry.name) differs between its local header and the central directory")
        }
        let start = entry.localHeaderOffset + 30 + Int64(nameBytes + extraBytes)
        guard start <= directoryOffset else { throw InvalidArchive(.malformed, "zip member \(entry.name) lies beyond the central directory") }
        return start
    }
}
