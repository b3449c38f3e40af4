// Opens a distribution and looks at every member once.

extension DistributionContents {
    /// Summarises the wheel at `path`. Blocks the calling thread for as long as unpacking all of it takes; memory does not grow with contents.
    ///
    /// It accepts more than an upload may have: what is dubious is marked, not refused.
    /// - Parameter filename: the name it is published under.
    /// - Throws: `InvalidDistribution` when it is no readable zip, expands beyond the limits, or has no name with a version.
    public init(wheelAt path: String, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidDistribution) {
        do {
            try self.init(wheel: ArchiveSource(path: path), filename: filename, limits: limits)
        } catch {
            throw InvalidDistribution(error, subject: "Wheel '\(filename)'")
        }
    }

    /// The same for a `.tar.gz` or `.zip` source distribution.
    /// - Throws: `InvalidDistribution` when the archive is damaged or expands beyond the limits.
    public init(sourceDistributionAt path: String, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidDistribution) {
        do {
            try self.init(sourceDistribution: ArchiveSource(path: path), filename: filename, limits: limits)
        } catch {
            throw InvalidDistribution(error, subject: "Source distribution '\(filename)'")
        }
    }

    /// Summarises a wheel or a source distribution, as its name says, wherever it lies.
    /// - Throws: `InvalidDistribution` as the others; `isUnreadable` when `source` could not be read.
    public init(_ source: ArchiveSource, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidDistribution) {
        do {
            if filename.hasSuffix(".whl") {
                try self.init(wheel: source, filename: filename, limits: limits)
            } else {
                try self.init(sourceDistribution: source, filename: filename, limits: limits)
            }
        } catch {
            throw InvalidDistribution(error, subject: "'\(filename)'")
        }
    }

    /// - Throws: `InvalidDistribution` or `InvalidArchive`.
    init(wheel source: ArchiveSource, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws {
        let limits = limits.allowingForeignNames
        var folder = try Wheel.distInfoDirectory(ofFilename: filename)
        let zip = try ZipReader(source, limits: limits)
        if zip.entries(named: "\(folder)/METADATA").isEmpty, let other = Self.distInfoDirectory(in: zip) { folder = other }
        func read(_ name: String, limit: Int) -> [UInt8] {
            zip.entries(named: "\(folder)/\(name)").first.flatMap { try? zip.read($0, limit: limit) } ?? []
        }
        var survey = ContentsSurvey(.wheel, stem: String(folder.dropLast(".dist-info".count)), limits: limits)
        survey.metadata = read("METADATA", limit: limits.metadataBytes)
        survey.wheelFile = read("WHEEL", limit: 1 << 20)
        survey.entryPoints = read("entry_points.txt", limit: 1 << 20)
        if let rows = try? RecordRow.rows(of: read("RECORD", limit: limits.directoryBytes), limit: limits.entries) { survey.setRecord(rows) }
        try survey.add(zip, format: .wheel, limits: limits)
        self = survey.finished(archiveSize: source.size)
    }

    /// Of wheels from elsewhere the folder may spell the name otherwise than the file does.
    private static func distInfoDirectory(in zip: ZipReader) -> String? {
        for entry in zip.entries {
            let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
            if parts.count == 2, parts[0].hasSuffix(".dist-info"), parts[1] == "METADATA" { return String(parts[0]) }
        }
        return nil
    }

    /// - Throws: `InvalidDistribution` or `InvalidArchive`.
    init(sourceDistribution source: ArchiveSource, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws {
        let limits = limits.allowingForeignNames
        if filename.hasSuffix(".zip") {
            try self.init(sourceZip: ZipReader(source, limits: limits), limits: limits)
        } else {
            try self.init(sourceTar: source, limits: limits)
        }
    }

    private init(sourceZip zip: ZipReader, limits: ArchiveLimits) throws {
        let top = ZipRules.commonDirectory(of: zip.entries.map(\.name)) ?? ""
        var survey = ContentsSurvey(.sourceDistribution, stem: top, limits: limits)
        if let info = zip.entries(named: "\(top)/PKG-INFO").first, let bytes = try? zip.read(info, limit: limits.metadataBytes) {
            survey.metadata = bytes
        }
        try survey.add(zip, format: .sourceDistribution, limits: limits)
        self = survey.finished(archiveSize: zip.source.size)
    }

    private init(sourceTar source: ArchiveSource, limits: ArchiveLimits) throws {
        var tar = TarReader(limits: limits)
        var contents = TarContents(limits: limits)
        try Gunzip.stream(source, limit: min(limits.expandedBytes, limits.expansionLimit(ofCompressedBytes: source.size))) { piece in
            try tar.consume(piece) { contents.take($0) }
        }
        try tar.finish()
        contents.endMember()
        self = (contents.survey ?? ContentsSurvey(.sourceDistribution, stem: "", limits: limits)).finished(archiveSize: source.size)
    }
}

extension ContentsSurvey {
    fileprivate mutating func add(_ zip: ZipReader, format: DistributionContents.Format, limits: ArchiveLimits) throws(InvalidArchive) {
        try ZipRules.checkExpansion(zip, limits: limits)
        var left = limits.expandedBytes
        for entry in zip.entries where !entry.isDirectory {
            guard entry.size <= left else { throw InvalidArchive(.tooLarge, "expands to more than \(limits.expandedBytes) bytes") }
            left -= entry.size
            let place = MemberPlace(entry.name, format: format)
            var meter: MemberMeter? = MemberMeter(path: entry.name, kind: place.kind)
            do {
                try zip.read(entry, limit: entry.size) { meter?.update($0) }
            } catch {
                if error.kind == .unreadable { throw error }
                meter = nil
            }
            let type = entry.mode & 0o170000
            add(entry.name, size: entry.size, place: place, meter: meter, marks: type == 0 || type == 0o100000 ? [] : .notAFile)
        }
    }
}

/// The members of a tar, as they stream by.
private struct TarContents {
    let limits: ArchiveLimits
    var survey: ContentsSurvey?
    private var current: (entry: TarEntry, place: MemberPlace, meter: MemberMeter)?

    init(limits: ArchiveLimits) { self.limits = limits }

    mutating func take(_ event: TarEvent) {
        switch event {
        case .data(let piece): current?.meter.update(piece)
        case .entry(let entry):
            endMember()
            let parts = MemberPlace.parts(of: entry.path)
            guard let top = parts.first else { return }
            if survey == nil { survey = ContentsSurvey(.sourceDistribution, stem: String(top), limits: limits) }
            guard entry.kind != .directory else { return }
            let place = MemberPlace(entry.path, format: .sourceDistribution)
            let keeps = Self.capture(parts, limits: limits)
            current = (entry, place, MemberMeter(path: entry.path, kind: place.kind, capturing: keeps))
        }
    }

    /// How much is kept of a file that tells about the whole.
    private static func capture(_ parts: [Substring], limits: ArchiveLimits) -> Int {
        if parts.count == 2, parts[1] == "PKG-INFO" { return limits.metadataBytes }
        guard (3...4).contains(parts.count), parts[parts.count - 2].hasSuffix(".egg-info") else { return 0 }
        return ["entry_points.txt", "top_level.txt"].contains(parts.last ?? "") ? 1 << 20 : 0
    }

    mutating func endMember() {
        guard let (entry, place, measured) = current else { return }
        current = nil
        var meter = measured
        let isLink = entry.kind == .symbolicLink || entry.kind == .hardLink
        if isLink { meter.update(Array(entry.linkTarget.utf8)[...]) }
        survey?.add(entry.path, size: entry.size, place: place, meter: meter, marks: entry.kind == .file ? [] : .notAFile)
        let parts = MemberPlace.parts(of: entry.path)
        guard Self.capture(parts, limits: limits) > 0 else { return }
        switch parts.last {
        case "PKG-INFO": survey?.metadata = meter.captured
        case "entry_points.txt": survey?.entryPoints = meter.captured
        default: survey?.setTopLevelNames(meter.captured)
        }
    }
}
