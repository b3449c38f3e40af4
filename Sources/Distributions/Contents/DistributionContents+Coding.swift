// How a summary is stored.

import Foundation

extension DistributionContents: Codable {
    /// Written with every summary. A newer program reads older ones; of a newer one an older program knows that it can not read it.
    public static let codingVersion = 1

    /// Members are stored by column, in strings of their own: what is alike lies side by side, which compresses best, and a few long strings
    /// are read much faster than thousands of objects.
    private enum CodingKeys: String, CodingKey {
        case version = "v"
        case format, stem, archiveSize, totalSize, installedSize, name, requirements, requiresPython, licenseFiles, entryPoints, importNames
        case importNamespaces, declaresImportNames, typing, generator, tags, missingMembers
        case projectVersion = "version"
        case unlistedCount, unlistedSize, unlistedDigest
        case paths, kinds, sizes, digests, lines, marks
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.codingVersion, forKey: .version)
        try container.encode(format, forKey: .format)
        try container.encode(stem, forKey: .stem)
        try container.encode(archiveSize, forKey: .archiveSize)
        try container.encode(totalSize, forKey: .totalSize)
        try container.encode(installedSize, forKey: .installedSize)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encodeIfPresent(version, forKey: .projectVersion)
        try container.encode(requirements, forKey: .requirements)
        try container.encodeIfPresent(requiresPython, forKey: .requiresPython)
        try container.encode(licenseFiles, forKey: .licenseFiles)
        try container.encode(entryPoints, forKey: .entryPoints)
        try container.encode(importNames, forKey: .importNames)
        try container.encode(importNamespaces, forKey: .importNamespaces)
        try container.encode(declaresImportNames, forKey: .declaresImportNames)
        try container.encode(typing, forKey: .typing)
        try container.encodeIfPresent(generator, forKey: .generator)
        try container.encode(tags, forKey: .tags)
        try container.encode(missingMembers, forKey: .missingMembers)
        try container.encode(unlisted.count, forKey: .unlistedCount)
        try container.encode(unlisted.size, forKey: .unlistedSize)
        try container.encodeIfPresent(unlisted.digest.map { Data($0.bytes) }, forKey: .unlistedDigest)
        try container.encode(members.map(\.path), forKey: .paths)
        try container.encode(members.map(\.kind.rawValue).joined(), forKey: .kinds)
        try container.encode(members.map(\.size), forKey: .sizes)
        // Of a member that could not be read: zeros, and a mark.
        let none = [UInt8](repeating: 0, count: MemberDigest.byteCount)
        try container.encode(Data(members.flatMap { $0.digest?.bytes ?? none }), forKey: .digests)
        try container.encode(exceptions { $0.longestLine }, forKey: .lines)
        try container.encode(exceptions { $0.marks.rawValue }, forKey: .marks)
    }

    /// Pairs of a member's place and a value, for what few members have.
    private func exceptions(_ value: (MemberSummary) -> Int) -> [[Int]] {
        members.enumerated().compactMap { value($1) == 0 ? nil : [$0, value($1)] }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func damaged(_ key: CodingKeys, _ what: String) -> DecodingError {
            DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: what)
        }
        guard try container.decode(Int.self, forKey: .version) == Self.codingVersion else { throw damaged(.version, "another version") }

        let paths = try container.decode([String].self, forKey: .paths)
        let sizes = try container.decode([Int64].self, forKey: .sizes)
        let kinds = try container.decode(String.self, forKey: .kinds).compactMap { MemberKind(rawValue: String($0)) }
        let digests = [UInt8](try container.decode(Data.self, forKey: .digests))
        guard sizes.count == paths.count, kinds.count == paths.count, digests.count == paths.count * MemberDigest.byteCount else {
            throw damaged(.paths, "columns of different lengths")
        }
        func values(_ key: CodingKeys) throws -> [Int] {
            var values = [Int](repeating: 0, count: paths.count)
            for pair in try container.decode([[Int]].self, forKey: key) {
                guard pair.count == 2, values.indices.contains(pair[0]) else { throw damaged(key, "no such member") }
                values[pair[0]] = pair[1]
            }
            return values
        }
        let (lines, marks) = (try values(.lines), try values(.marks))

        format = try container.decode(Format.self, forKey: .format)
        stem = try container.decode(String.self, forKey: .stem)
        archiveSize = try container.decode(Int64.self, forKey: .archiveSize)
        totalSize = try container.decode(Int64.self, forKey: .totalSize)
        installedSize = try container.decode(Int64.self, forKey: .installedSize)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        version = try container.decodeIfPresent(String.self, forKey: .projectVersion)
        requirements = try container.decode([String].self, forKey: .requirements)
        requiresPython = try container.decodeIfPresent(String.self, forKey: .requiresPython)
        licenseFiles = try container.decode([String].self, forKey: .licenseFiles)
        entryPoints = try container.decode([EntryPoint].self, forKey: .entryPoints)
        importNames = try container.decode([String].self, forKey: .importNames)
        importNamespaces = try container.decode([String].self, forKey: .importNamespaces)
        declaresImportNames = try container.decode(Bool.self, forKey: .declaresImportNames)
        typing = try container.decode(Typing.self, forKey: .typing)
        generator = try container.decodeIfPresent(String.self, forKey: .generator)
        tags = try container.decode([String].self, forKey: .tags)
        missingMembers = try container.decode(Int.self, forKey: .missingMembers)
        unlisted = Unlisted(
            count: try container.decode(Int.self, forKey: .unlistedCount),
            size: try container.decode(Int64.self, forKey: .unlistedSize),
            digest: try container.decodeIfPresent(Data.self, forKey: .unlistedDigest).map { MemberDigest($0) }
        )
        members = paths.indices.map { index in
            let mark = MemberSummary.Marks(rawValue: marks[index])
            let start = index * MemberDigest.byteCount
            let digest = mark.contains(.unreadable) ? nil : MemberDigest(digests[start..<start + MemberDigest.byteCount])
            return MemberSummary(
                path: paths[index],
                size: sizes[index],
                kind: kinds[index],
                digest: digest,
                longestLine: lines[index],
                marks: mark
            )
        }
    }
}

extension DistributionContents {
    private static let largestEncoding = 32 << 20

    /// For storing: the length of the JSON (4 bytes, big-endian), and the JSON as one Zstandard frame. Equal summaries give equal bytes.
    ///
    /// JSON, because what a later version adds or leaves out is told by its keys, and any tool can look at it; compressed it takes hardly more
    /// than a format of its own would, for most of it are digests, which nothing makes smaller: some 27 bytes a member, so 53 KB for a wheel
    /// of 2,000.
    public func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(self) else { preconditionFailure("a summary has nothing that JSON can not hold") }
        return withUnsafeBytes(of: UInt32(json.count).bigEndian) { Array($0) } + Compression.zstd([UInt8](json), level: 12)
    }

    /// - Throws: `InvalidArchive` when these are no such bytes, or ones of another version: then the summary has to be made again.
    public init(encoded bytes: [UInt8]) throws(InvalidArchive) {
        let damaged = InvalidArchive(.malformed, "no summary of a distribution, or one of another version")
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count > 4, length <= Self.largestEncoding else { throw damaged }
        let json = try Compression.unzstd(Array(bytes.dropFirst(4)), length: length)
        guard let summary = try? JSONDecoder().decode(DistributionContents.self, from: Data(json)) else { throw damaged }
        self = summary
    }
}
