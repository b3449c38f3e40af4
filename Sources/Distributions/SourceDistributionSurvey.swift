// What is remembered of a source distribution while its members stream by.

struct SourceDistributionSurvey {
    private let filename: String
    private let limits: ArchiveLimits
    private let isScanning: Bool
    private(set) var top: String?
    private(set) var pkgInfo: [UInt8]?
    private(set) var fileNames: [String] = []
    private var tree = TarTree()
    private var isInsideInfo = false
    private var scanned: (name: String, content: [UInt8])?

    init(filename: String, limits: ArchiveLimits, isScanning: Bool = false) {
        self.filename = filename
        self.limits = limits
        self.isScanning = isScanning
    }

    mutating func take(_ event: TarEvent) throws {
        switch event {
        case .entry(let entry):
            try scanCollected()
            try begin(entry)
        case .data(let bytes):
            if isInsideInfo { pkgInfo?.append(contentsOf: bytes) }
            scanned?.content.append(contentsOf: bytes)
            tree.take(bytes)
        }
    }

    /// To be called after the last event: rules that need all members.
    mutating func finish() throws {
        try scanCollected()
        try tree.finish()
    }

    private mutating func scanCollected() throws {
        guard let member = scanned else { return }
        scanned = nil
        if let finding = ContentScan.finding(in: member.content) { throw InvalidDistribution(finding.message(member: member.name)) }
    }

    private mutating func begin(_ entry: TarEntry) throws {
        isInsideInfo = false
        let path = try ArchivePath(entry.path)
        // The archive's own root, "./", says nothing.
        if path.parts.isEmpty, entry.kind == .directory { return }
        let first = path.parts.first.map { String(Substring($0)) } ?? ""
        if top == nil { top = first }
        guard top.map({ $0.utf8.elementsEqual(first.utf8) }) == true, path.parts.count > 1 || entry.kind == .directory else {
            throw InvalidDistribution("Source distribution '\(filename)' has more than one top-level directory")
        }
        try tree.add(entry, at: path)
        guard entry.kind != .directory else { return }
        fileNames.append(path.text)
        if isScanning, entry.kind == .file, ContentScan.covers(name: entry.path, size: entry.size) { scanned = (entry.path, []) }
        guard path.parts.count == 2, path.parts[1].elementsEqual("PKG-INFO".utf8) else { return }
        guard entry.kind == .file else { throw InvalidDistribution("Source distribution '\(filename)' has a PKG-INFO that is not a regular file") }
        guard pkgInfo == nil else { throw InvalidDistribution("Source distribution '\(filename)' contains PKG-INFO more than once") }
        guard entry.size <= Int64(limits.metadataBytes) else {
            throw InvalidDistribution("Source distribution '\(filename)' has a PKG-INFO of more than \(limits.metadataBytes) bytes")
        }
        pkgInfo = []
        isInsideInfo = true
    }
}
