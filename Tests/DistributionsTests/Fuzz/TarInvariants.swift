// Tars: pieces of any size tell the same; what passes the rules has its members where a reader without extended headers finds them.

#if !FUZZING
@testable import Distributions
#endif

/// The first byte chooses the size of the pieces; the rest is a tar, whose checksums are put right first: chance would never get past them.
@Sendable func brokenTar(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    var tar = Array(bytes.dropFirst())
    let offsets = repairedHeaders(&tar)
    let whole = members(of: tar, pieceBytes: tar.count)
    let pieces = members(of: tar, pieceBytes: Int(first) * 3 + 1)
    guard whole == pieces else { return "pieces of \(Int(first) * 3 + 1) bytes are told differently" }
    guard case .success(let members) = whole else { return nil }
    guard members.count == offsets.count else { return "\(members.count) members are read where \(offsets.count) headers stand" }

    var survey = SourceDistributionSurvey(filename: "a-1.tar.gz", limits: fuzzLimits, isScanning: true)
    do {
        var reader = TarReader(limits: fuzzLimits)
        try reader.consume(tar[...]) { try survey.take($0) }
        try reader.finish()
        try survey.finish()
    } catch { return nil }
    for name in survey.fileNames {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.first.map(String.init) == survey.top else { return "\(name) lies outside of the top directory" }
        guard !parts.contains(".."), !name.contains("\\") else { return "\(name) leads out" }
    }
    return nil
}

/// Arbitrary bytes as a `.tar.gz`.
@Sendable func brokenSourceDistribution(_ bytes: [UInt8]) -> String? {
    let source = ArchiveSource(bytes: bytes)
    guard let sdist = try? SourceDistribution(source, filename: "a-1.tar.gz", limits: fuzzLimits, scan: true) else { return nil }
    guard sdist.pkgInfo.count <= fuzzLimits.metadataBytes else { return "PKG-INFO is larger than allowed" }
    guard sdist.fileNames.contains("\(sdist.topLevelDirectory)/PKG-INFO") else { return "PKG-INFO is not among the members" }
    guard sdist.missingLicenseFile(among: ["PKG-INFO"]) == nil else { return "PKG-INFO is missing" }
    return nil
}

private struct Member: Equatable {
    let entry: TarEntry
    var content: [UInt8]
}

private enum Reading: Equatable {
    case success([Member])
    case failure(String)
}

private func members(of tar: [UInt8], pieceBytes: Int) -> Reading {
    var reader = TarReader(limits: fuzzLimits)
    var members: [Member] = []
    do {
        for start in stride(from: 0, to: tar.count, by: max(1, pieceBytes)) {
            try reader.consume(tar[start..<min(tar.count, start + max(1, pieceBytes))]) { event in
                switch event {
                case .entry(let entry): members.append(Member(entry: entry, content: []))
                case .data(let data): members[members.count - 1].content += data
                }
            }
        }
        try reader.finish()
    } catch { return .failure("\(error)") }
    guard members.allSatisfy({ Int64($0.content.count) == $0.entry.size }) else { return .failure("a member has another size than told") }
    return .success(members)
}

/// Puts the checksum of every header right, going by sizes alone, and says where the members' headers are.
private func repairedHeaders(_ tar: inout [UInt8]) -> [Int] {
    var offsets: [Int] = []
    var position = 0
    while position + 512 <= tar.count, tar[position..<position + 512].contains(where: { $0 != 0 }) {
        for place in position + 148..<position + 156 { tar[place] = 0x20 }
        let sum = tar[position..<position + 512].reduce(0) { $0 + Int($1) }
        for (index, digit) in String(sum, radix: 8).utf8.reversed().enumerated() { tar[position + 153 - index] = digit }
        let type = tar[position + 156]
        if !Array("xgLK".utf8).contains(type) { offsets.append(position) }
        let isEmpty = (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type)
        position += 512
        if !isEmpty { position += (size(tar[position - 388..<position - 376]) + 511) / 512 * 512 }
    }
    return offsets
}

private func size(_ field: ArraySlice<UInt8>) -> Int {
    if field.first == 0x80 { return field.suffix(4).reduce(0) { $0 << 8 | Int($1) } }
    return field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }.reduce(0) { $0 << 3 | Int($1 - 0x30) }
}
