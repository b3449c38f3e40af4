// Checks arbitrary bytes as a zip; what passes must read the same when its local headers are walked by a naive reader.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzZipFraming(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let limits = ArchiveLimits(entries: 100, nameBytes: 200, directoryBytes: 1 << 16)
    guard let zip = try? ZipReader(ArchiveSource(bytes: bytes), limits: limits) else { return 0 }
    _ = try? ZipRules.checkExpansion(zip, limits: limits)
    _ = try? ZipRules.checkPaths(zip)
    _ = ZipRules.commonDirectory(of: zip.entries.map(\.name))
    guard (try? ZipFraming.check(zip)) != nil else { return 0 }

    func number(_ position: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) } }
    var names: [[UInt8]] = []
    var position = 0
    while number(position, 4) == 0x0403_4b50 {
        precondition(number(position + 6, 2) & 8 == 0)
        let nameEnd = position + 30 + number(position + 26, 2)
        let name = Array(bytes[position + 30..<nameEnd])
        guard let entry = zip.entries.first(where: { $0.name.utf8.elementsEqual(name) }) else { preconditionFailure("a member is not listed") }
        precondition(entry.localHeaderOffset == Int64(position))
        let size = number(position + 18, 4)
        precondition(size == 0xFFFF_FFFF || Int64(size) == entry.compressedSize)
        names.append(name)
        position = nameEnd + number(position + 28, 2) + Int(entry.compressedSize)
    }
    precondition(names.count == zip.entries.count && Set(names).count == names.count)
    return 0
}
