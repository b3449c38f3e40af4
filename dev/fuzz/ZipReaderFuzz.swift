// Opens arbitrary bytes as a zip and reads every member.

private let limit = 1 << 16

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzZipReader(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let zip = try? ZipReader(ArchiveSource(bytes: bytes), limits: ArchiveLimits(entries: 100, nameBytes: 200, directoryBytes: 1 << 16)) else {
        return 0
    }
    precondition(zip.entries.count <= 100)
    for entry in zip.entries {
        guard let content = try? zip.read(entry, limit: limit) else { continue }
        precondition(content.count <= limit && Int64(content.count) == entry.size)
    }
    return 0
}
