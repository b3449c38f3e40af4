// Tells zips and tars apart by content, so that no file is both (index §2.13).

enum ArchiveKind {
    /// Whether some reader would find an end record with a directory before it in the last 64 KiB, whatever else the file is.
    static func isZip(_ source: ArchiveSource) throws(InvalidArchive) -> Bool {
        let count = Int(min(source.size, 22 + 65_535))
        guard count >= 22 else { return false }
        let tail = try source.read(at: source.size - Int64(count), count: count)
        for position in stride(from: count - 22, through: 0, by: -1) {
            guard tail[position] == 0x50, tail[position + 1] == 0x4b, tail[position + 2] == 5, tail[position + 3] == 6 else { continue }
            var record = LittleEndianFields(tail[position..<position + 22])
            try record.skip(10)
            let entries = try record.uint16()
            let size = Int64(try record.uint32())
            let offset = Int64(try record.uint32())
            if entries == 0 && size == 0 { return true }
            // Readers that allow data in front look right before the end record, others where it points.
            for start in [source.size - Int64(count) + Int64(position) - size, offset] where start >= 0 && start <= source.size - 4 {
                if try source.read(at: start, count: 4).elementsEqual([0x50, 0x4b, 1, 2]) { return true }
            }
        }
        return false
    }

    /// Whether it starts like gzip data (RFC 1952 §2.3.1).
    static func isGzip(_ source: ArchiveSource) throws(InvalidArchive) -> Bool {
        guard source.size >= 2 else { return false }
        return try source.read(at: 0, count: 2).elementsEqual([0x1f, 0x8b])
    }

    /// Whether it starts with a tar header: what a reader of plain tars would open.
    static func isPlainTar(_ source: ArchiveSource) throws(InvalidArchive) -> Bool {
        guard source.size >= 512 else { return false }
        return (try? TarHeader(try source.read(at: 0, count: 512))) != nil
    }
}
