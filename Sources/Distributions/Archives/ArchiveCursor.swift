// Reads an archive from its first byte to its last.

/// A position in an archive that only moves forward; keeps one small window of bytes, whatever the archive's size.
struct ArchiveCursor {
    private static let windowBytes: Int64 = 16 * 1024

    private let source: ArchiveSource
    private var window: [UInt8] = []
    private var windowStart: Int64 = 0
    /// Offset of the next byte.
    private(set) var offset: Int64 = 0

    init(_ source: ArchiveSource) { self.source = source }

    var isAtEnd: Bool { offset == source.size }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws(InvalidArchive) -> ArraySlice<UInt8> {
        guard Int64(count) <= source.size - offset else { throw InvalidArchive(.malformed, "zip ends inside of a record") }
        var start = Int(offset - windowStart)
        if start > window.count || count > window.count - start {
            let fetched = min(max(Int64(count), Self.windowBytes), source.size - offset)
            window = try source.read(at: offset, count: Int(fetched))
            windowStart = offset
            start = 0
        }
        offset += Int64(count)
        return window[start..<start + count]
    }

    mutating func skip(_ count: Int64) throws(InvalidArchive) {
        guard count >= 0, count <= source.size - offset else { throw InvalidArchive(.malformed, "zip ends inside of a member") }
        offset += count
    }
}
