// Zips: what is read is what was declared; what passes the framing check reads the same from its first byte on.

#if !FUZZING
@testable import Distributions
#endif

/// Opens arbitrary bytes as a zip and reads every member, whole and in pieces.
@Sendable func brokenZipReader(_ bytes: [UInt8]) -> String? {
    guard let zip = try? ZipReader(ArchiveSource(bytes: bytes), limits: fuzzLimits) else { return nil }
    guard zip.entries.count <= fuzzLimits.entries else { return "more members than allowed" }
    for entry in zip.entries {
        guard let content = try? zip.read(entry, limit: fuzzLimits.metadataBytes) else { continue }
        guard content.count <= fuzzLimits.metadataBytes, Int64(content.count) == entry.size else {
            return "\(entry.name) has another size than declared"
        }
        guard (try? zip.read(entry, limit: content.count)) == content else { return "\(entry.name) can not be read under a limit of its own size" }
        guard content.isEmpty || (try? zip.read(entry, limit: content.count - 1)) == nil else { return "\(entry.name) breaks its limit" }
        guard zip.entries(named: entry.name).contains(entry) else { return "\(entry.name) is not found by its name" }
    }
    return nil
}

/// Runs every rule for zips; one that passes them is walked by a reader that knows nothing of directories.
@Sendable func brokenZipFraming(_ bytes: [UInt8]) -> String? {
    guard let zip = try? ZipReader(ArchiveSource(bytes: bytes), limits: fuzzLimits) else { return nil }
    _ = ZipRules.commonDirectory(of: zip.entries.map(\.name))
    let passes = [
        (try? ZipRules.checkExpansion(zip, limits: fuzzLimits)) != nil, (try? ZipRules.checkMethods(zip)) != nil,
        (try? ZipRules.checkKinds(zip)) != nil, (try? ZipRules.checkPaths(zip)) != nil,
    ]
    guard (try? ZipFraming.check(zip)) != nil else { return nil }
    func number(_ position: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | (position + $1 < bytes.count ? Int(bytes[position + $1]) << (8 * $1) : 0) }
    }
    var names: Set<[UInt8]> = []
    var position = 0
    while number(position, 4) == 0x0403_4B50 {
        guard number(position + 6, 2) & 8 == 0 else { return "a member was streamed" }
        let nameEnd = position + 30 + number(position + 26, 2)
        guard nameEnd <= bytes.count else { return "a name runs over the end" }
        let name = Array(bytes[position + 30..<nameEnd])
        guard let entry = zip.entries.first(where: { $0.name.utf8.elementsEqual(name) }) else { return "a member is not listed" }
        guard entry.localHeaderOffset == Int64(position) else { return "\(entry.name) is listed elsewhere" }
        let size = number(position + 18, 4)
        guard size == 0xFFFF_FFFF || Int64(size) == entry.compressedSize else { return "\(entry.name) has two sizes" }
        guard names.insert(name).inserted else { return "\(entry.name) is there twice" }
        position = nameEnd + number(position + 28, 2) + Int(entry.compressedSize)
    }
    guard names.count == zip.entries.count else { return "\(zip.entries.count - names.count) members are listed and not there" }
    guard !passes.contains(false) else { return nil }
    let folded = Set(zip.entries.map { entry in entry.name.lowercased().split(separator: "/").filter { $0 != "." }.joined(separator: "/") })
    guard folded.count == zip.entries.count else { return "two members are one file" }
    for path in folded where path.hasPrefix("/") || path.contains("\\") || path.split(separator: "/").contains("..") { return "\(path) leads out" }
    return nil
}
