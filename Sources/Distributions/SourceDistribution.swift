// What an index needs to know of the inside of a source distribution.

/// An opened `.tar.gz` source distribution (PEP 517, PEP 625, PEP 643) and its core metadata.
public struct SourceDistribution: Sendable {
    /// The single directory everything lies in.
    public let topLevelDirectory: String
    /// The exact bytes of `<top>/PKG-INFO`.
    public let pkgInfo: [UInt8]
    /// The paths of all members but directories, in archive order, as written except for leading `./`.
    public let fileNames: [String]

    /// Reads the archive at `path` once from start to end. Blocks the calling thread; memory does not grow with file contents.
    /// - Parameter scan: whether Python files are searched for what is not accepted (`ContentScan`).
    /// - Throws: `InvalidDistribution` when the gzip or tar is damaged or exceeds a limit, has a member or link that leads outside (`TarTree`),
    ///   a sparse member or a device, more than one top-level directory, or not exactly one `PKG-INFO` in it.
    public init(path: String, filename: String, limits: ArchiveLimits = ArchiveLimits(), scan: Bool = false) throws(InvalidDistribution) {
        do {
            try self.init(ArchiveSource(path: path), filename: filename, limits: limits, scan: scan)
        } catch {
            throw InvalidDistribution(error, subject: "Source distribution '\(filename)'")
        }
    }

    /// The same, for bytes already at hand.
    /// - Throws: `InvalidDistribution` or `InvalidArchive`.
    init(_ source: ArchiveSource, filename: String, limits: ArchiveLimits, scan: Bool = false) throws {
        if try ArchiveKind.isZip(source) {
            let what = try ArchiveKind.isGzip(source) ? "both a tar and a zip" : "a zip, not a gzipped tar"
            throw InvalidDistribution("Source distribution '\(filename)' is \(what)")
        }
        var tar = TarReader(limits: limits)
        var survey = SourceDistributionSurvey(filename: filename, limits: limits, isScanning: scan)
        let limit = min(limits.expandedBytes, limits.expansionLimit(ofCompressedBytes: source.size))
        try Gunzip.stream(source, limit: limit) { chunk in
            try tar.consume(chunk) { try survey.take($0) }
        }
        try tar.finish()
        try survey.finish()
        guard let top = survey.top else { throw InvalidDistribution("Source distribution '\(filename)' is empty") }
        guard let info = survey.pkgInfo else {
            throw InvalidDistribution("Source distribution '\(filename)' does not contain PKG-INFO at \(top)/PKG-INFO")
        }
        topLevelDirectory = top
        pkgInfo = info
        fileNames = survey.fileNames
    }

    /// A `.zip` source distribution: the format of old, which no index takes any more (PEP 625).
    init(_ zip: ZipReader, filename: String, limits: ArchiveLimits) throws {
        guard let top = ZipRules.commonDirectory(of: zip.entries.map(\.name)) else {
            throw InvalidDistribution("Source distribution '\(filename)' has more than one top-level directory")
        }
        guard let info = zip.entries(named: "\(top)/PKG-INFO").first else {
            throw InvalidDistribution("Source distribution '\(filename)' does not contain PKG-INFO at \(top)/PKG-INFO")
        }
        topLevelDirectory = top
        pkgInfo = try zip.read(info, limit: limits.metadataBytes)
        fileNames = zip.entries.filter { !$0.isDirectory }.map(\.name)
    }

    /// The first of `paths` (the `License-File` fields) that is not a member of the archive, as the member it should be (index §2.14, step 5).
    public func missingLicenseFile(among paths: [String]) -> String? {
        let members = Set(fileNames)
        return paths.map { "\(topLevelDirectory)/\($0)" }.first { !members.contains($0) }
    }
}
