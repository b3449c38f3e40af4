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
    /// - Throws: `InvalidDistribution` when the gzip or tar is damaged or exceeds a limit, has a sparse member, an absolute path or `..`,
    ///   more than one top-level directory, or not exactly one `PKG-INFO` in it.
    public init(path: String, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidDistribution) {
        do {
            try self.init(ArchiveSource(path: path), filename: filename, limits: limits)
        } catch let error as InvalidArchive {
            throw InvalidDistribution("Source distribution '\(filename)' cannot be read: \(error.message)")
        } catch let error as InvalidDistribution {
            throw error
        } catch {
            throw InvalidDistribution("Source distribution '\(filename)' cannot be read")
        }
    }

    init(_ source: ArchiveSource, filename: String, limits: ArchiveLimits) throws {
        var tar = TarReader(limits: limits)
        var survey = SourceDistributionSurvey(filename: filename, limits: limits)
        try Gunzip.stream(source, limit: limits.expandedBytes) { chunk in
            try tar.consume(chunk) { try survey.take($0) }
        }
        try tar.finish()
        guard let top = survey.top else { throw InvalidDistribution("Source distribution '\(filename)' is empty") }
        guard let info = survey.pkgInfo else {
            throw InvalidDistribution("Source distribution '\(filename)' does not contain PKG-INFO at \(top)/PKG-INFO")
        }
        topLevelDirectory = top
        pkgInfo = info
        fileNames = survey.fileNames
    }
}

/// What is remembered while the members stream by.
private struct SourceDistributionSurvey {
    let filename: String
    let limits: ArchiveLimits
    var top: String?
    var pkgInfo: [UInt8]?
    var fileNames: [String] = []
    private var isInsideInfo = false

    init(filename: String, limits: ArchiveLimits) {
        self.filename = filename
        self.limits = limits
    }

    mutating func take(_ event: TarEvent) throws {
        switch event {
        case .entry(let entry): try begin(entry)
        case .data(let bytes): if isInsideInfo { pkgInfo?.append(contentsOf: bytes) }
        }
    }

    private mutating func begin(_ entry: TarEntry) throws {
        isInsideInfo = false
        let parts = entry.path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        guard entry.path.utf8.first != UInt8(ascii: "/"), !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw InvalidDistribution("Source distribution '\(filename)' contains a path outside of it: \(entry.path)")
        }
        // The archive's own root, "./", says nothing.
        guard let first = parts.first.map({ String(Substring($0)) }) else { return }
        if top == nil { top = first }
        guard top.map({ $0.utf8.elementsEqual(first.utf8) }) == true, parts.count > 1 || entry.kind == .directory else {
            throw InvalidDistribution("Source distribution '\(filename)' has more than one top-level directory")
        }
        guard entry.kind != .directory else { return }
        fileNames.append(parts.map { String(Substring($0)) }.joined(separator: "/"))
        guard parts.count == 2, parts[1].elementsEqual("PKG-INFO".utf8) else { return }
        guard entry.kind == .file else { throw InvalidDistribution("Source distribution '\(filename)' has a PKG-INFO that is not a regular file") }
        guard pkgInfo == nil else { throw InvalidDistribution("Source distribution '\(filename)' contains PKG-INFO more than once") }
        guard entry.size <= Int64(limits.metadataBytes) else {
            throw InvalidDistribution("Source distribution '\(filename)' has a PKG-INFO of more than \(limits.metadataBytes) bytes")
        }
        pkgInfo = []
        isInsideInfo = true
    }
}
