// Puts a summary together while the members of an archive pass by.

import Crypto
import Packaging

struct ContentsSurvey {
    private let format: DistributionContents.Format
    private let stem: String
    private let limits: ArchiveLimits
    private var members: [MemberSummary] = []
    private var totalSize: Int64 = 0
    private var importable = ImportableNames()
    /// Of a wheel: the rows of its RECORD that no member was found for yet, by the path's bytes.
    private var listed: [[UInt8]: RecordRow] = [:]
    private var hasRecord = false
    private var installedSize: Int64 = 0
    private var topLevelNames: [String]?

    /// The exact bytes of what tells about the whole.
    var metadata: [UInt8] = []
    var wheelFile: [UInt8] = []
    var entryPoints: [UInt8] = []

    init(_ format: DistributionContents.Format, stem: String, limits: ArchiveLimits) {
        self.format = format
        self.stem = stem
        self.limits = limits
    }

    /// Of a wheel, before the first member.
    mutating func setRecord(_ rows: [RecordRow]) {
        hasRecord = true
        for row in rows { listed[Array(row.path.utf8)] = row }
    }

    mutating func setTopLevelNames(_ bytes: [UInt8]) {
        topLevelNames = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { DistributionContents.plain($0) }
            .filter { !$0.isEmpty }
    }

    /// - Parameters:
    ///   - path: as the archive has it.
    ///   - meter: what passed of its content; nil when it could not be read.
    mutating func add(_ path: String, size: Int64, place: MemberPlace, meter: MemberMeter?, marks: MemberSummary.Marks = []) {
        var marks = marks
        let visible = VisibleText.path(path)
        if (try? ArchivePath(path)) == nil || visible != path { marks.insert(.unsafePath) }
        if meter == nil { marks.insert(.unreadable) }
        if meter?.runsCode == true { marks.insert(.runsCode) }
        let sha256 = meter?.sha256
        if hasRecord { compare(path, size: size, sha256: sha256, marks: &marks) }
        members.append(
            MemberSummary(
                path: visible,
                size: size,
                kind: place.kind,
                digest: sha256.map { MemberDigest($0) },
                longestLine: meter?.longestLine ?? 0,
                marks: marks
            )
        )
        totalSize += size
        if let parts = place.importPath, !marks.contains(.unsafePath) { importable.add(parts) }
    }

    private mutating func compare(_ path: String, size: Int64, sha256: SHA256.Digest?, marks: inout MemberSummary.Marks) {
        guard let row = listed.removeValue(forKey: Array(path.utf8)) else {
            if !path.hasSuffix("/RECORD.jws"), !path.hasSuffix("/RECORD.p7s") { marks.insert(.missingFromRecord) }
            installedSize += size
            return
        }
        let stated = row.size.flatMap { Int64($0) }
        if let stated, stated != size { marks.insert(.contradictsRecord) }
        if row.algorithm == "sha256", let sha256, row.digest != URLSafeBase64.text(sha256) { marks.insert(.contradictsRecord) }
        installedSize += stated.map { max(0, min($0, 1 << 45)) } ?? size
    }

    func finished(archiveSize: Int64) -> DistributionContents {
        let core = CoreMetadata.parse(file: metadata).metadata
        let wheel = CoreMetadata.parse(file: wheelFile).unparsed
        let declared = core.importNames.map { Self.public($0) }
        let found = importable.names()
        let (kept, unlisted) = Self.selected(members)
        return DistributionContents(
            format: format,
            stem: VisibleText.path(stem),
            members: kept,
            unlisted: unlisted,
            archiveSize: archiveSize,
            totalSize: totalSize,
            installedSize: hasRecord ? installedSize : totalSize,
            name: core.name.map { DistributionContents.plain($0) },
            version: core.version.map { DistributionContents.plain($0) },
            requirements: Self.list(core.requiresDist),
            requiresPython: core.requiresPython.map { DistributionContents.plain($0) },
            licenseFiles: Self.list(core.licenseFiles),
            entryPoints: EntryPoint.list(of: entryPoints),
            importNames: declared ?? topLevelNames.map { Self.list($0).sorted() } ?? found.names,
            importNamespaces: core.importNamespaces.map { Self.public($0) } ?? (declared == nil && topLevelNames == nil ? found.namespaces : []),
            declaresImportNames: declared != nil,
            typing: importable.isStubs ? .stubs : importable.hasTypeMarker ? .marker : .none,
            generator: wheel["generator"]?.first.map { DistributionContents.plain($0) },
            tags: Self.list(wheel["tag"]).sorted(),
            missingMembers: listed.count
        )
    }

    private static func list(_ texts: [String]?) -> [String] {
        var budget = DistributionContents.textBudget
        return (texts ?? []).prefix(DistributionContents.longestList).map { DistributionContents.plain($0) }.prefix { text in
            budget -= text.utf8.count
            return budget >= 0
        }
    }

    /// Without those that nobody is meant to import (PEP 794).
    private static func `public`(_ names: [String]) -> [String] {
        list(names.filter { !$0.contains(";") }).sorted()
    }

    /// The members that are listed, in order, and what is said of the others.
    private static func selected(_ members: [MemberSummary]) -> ([MemberSummary], DistributionContents.Unlisted) {
        // By bytes: `String` would take two Unicode forms of a path for one.
        func precedes(_ one: MemberSummary, _ other: MemberSummary) -> Bool { one.path.utf8.lexicographicallyPrecedes(other.path.utf8) }
        let isShort = members.count <= DistributionContents.listedMembers
        var budget = DistributionContents.pathBudget
        if isShort, members.reduce(0, { $0 + $1.path.utf8.count }) <= budget { return (members.sorted(by: precedes), .none) }
        let ordered = members.sorted { one, other in
            let (first, second) = (priority(one), priority(other))
            return first == second ? precedes(one, other) : first < second
        }
        let kept = ordered.prefix(DistributionContents.listedMembers).prefix { member in
            budget -= member.path.utf8.count
            return budget >= 0
        }
        let left = ordered[kept.endIndex...]
        var hash = SHA256()
        for member in left { hash.update(data: Array(member.path.utf8) + [0] + (member.digest?.bytes ?? [])) }
        let size = left.reduce(0) { $0 + $1.size }
        return (kept.sorted(by: precedes), .init(count: left.count, size: size, digest: MemberDigest(hash.finalize())))
    }

    /// Of what has a path that hardly any system takes, nobody reads a name: it comes last, whatever it is.
    private static func priority(_ member: MemberSummary) -> Int { member.path.utf8.count > 1_024 ? .max : member.kind.priority }
}
