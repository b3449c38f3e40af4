// What an index needs to know of the inside of a wheel.

/// An opened wheel (binary distribution format, PEP 427) and its core metadata.
public struct Wheel: Sendable {
    /// The file name it was opened as.
    public let filename: String
    /// `<name>-<version>.dist-info`, from the file name as it was spelled (index §2.15).
    public let distInfoDirectory: String
    /// The exact bytes of `METADATA`, as they are served beside the wheel (PEP 658).
    public let metadata: [UInt8]
    /// The zip itself, for further checks.
    public let archive: ZipReader

    /// Opens the wheel at `path`. Blocks the calling thread.
    /// - Parameter filename: the name it is published under; the file at `path` may have any name.
    /// - Throws: `InvalidDistribution` when it is no zip, or `METADATA` is missing, there twice, damaged or larger than the limit.
    public init(path: String, filename: String, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidDistribution) {
        do {
            try self.init(ArchiveSource(path: path), filename: filename, limits: limits)
        } catch {
            throw InvalidDistribution(error, subject: "Wheel '\(filename)'")
        }
    }

    /// The same, for bytes already at hand.
    /// - Throws: `InvalidDistribution` or `InvalidArchive`.
    init(_ source: ArchiveSource, filename: String, limits: ArchiveLimits) throws {
        // The name first: a file under a senseless one is not opened.
        _ = try Self.distInfoDirectory(ofFilename: filename)
        try self.init(ZipReader(source, limits: limits), filename: filename, limits: limits)
    }

    /// - Throws: `InvalidDistribution` unless the name has at least three parts between dashes, the first two not empty.
    static func distInfoDirectory(ofFilename filename: String) throws(InvalidDistribution) -> String {
        let parts = filename.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw InvalidDistribution("Wheel '\(filename)' has no name and version in its file name")
        }
        return "\(Substring(parts[0]))-\(Substring(parts[1])).dist-info"
    }

    /// Installers look for the one top-level `.dist-info` folder, and give up or choose when there are two.
    ///
    /// A `.data` folder is another way to the same place: what is in its `purelib` and `platlib` is moved to where the wheel's top level goes,
    /// and what is in its `data` to below the environment, in which that place has another path on every system (PEP 427; some installers
    /// take a `.data` folder of any name). Its `scripts` and `headers` go where nobody looks for metadata.
    /// - Throws: `InvalidDistribution` when there is another one, or would be once the wheel is installed.
    static func checkDistInfoIsOnly(_ directory: String, in archive: ZipReader, filename: String) throws(InvalidDistribution) {
        for entry in archive.entries {
            guard let parts = try? ArchivePath(entry.name).parts, let top = parts.first else { continue }
            if ArchivePath.isDistInfo(top), parts.count > 1 || entry.isDirectory {
                guard top.elementsEqual(directory.utf8) else {
                    throw InvalidDistribution("Wheel '\(filename)' has more than one .dist-info directory: \(Substring(top))")
                }
                // Who looks for a file of it by name does not see this one, until it is unpacked.
                guard entry.name.utf8.elementsEqual(parts.joined(separator: "/".utf8)) || entry.isDirectory else {
                    let reason = "has a path in its .dist-info directory that is not in its shortest form"
                    throw InvalidDistribution("Wheel '\(filename)' \(reason): \(entry.name)")
                }
                // Nor where upper and lower case are one: there an installer reads it as the file that was not checked.
                if parts.count == 2,
                    let meant = readByName.first(where: { $0 != Substring(parts[1]) && $0.lowercased() == Substring(parts[1]).lowercased() })
                {
                    throw InvalidDistribution(
                        "Wheel '\(filename)' has a file in its .dist-info directory that is not spelled '\(meant)': \(entry.name)"
                    )
                }
            } else if isSmuggledDistInfo(parts[...]) {
                throw InvalidDistribution("Wheel '\(filename)' has a .dist-info directory in its .data directory: \(entry.name)")
            }
        }
    }

    /// What installers look for in a `.dist-info` directory.
    private static let readByName: [Substring] = ["METADATA", "WHEEL", "RECORD", "entry_points.txt", "direct_url.json", "INSTALLER", "REQUESTED"]

    private static func isSmuggledDistInfo(_ parts: ArraySlice<Substring.UTF8View.SubSequence>) -> Bool {
        guard parts.count > 2 else { return false }
        func folded(_ part: Substring.UTF8View.SubSequence) -> String { Substring(part).uppercased().lowercased() }
        guard folded(parts[0]).hasSuffix(".data") else { return false }
        return switch folded(parts[1]) {
        case "purelib", "platlib": ArchivePath.isDistInfo(parts[2])
        case "data": parts[2...].contains(where: ArchivePath.isDistInfo)
        default: false
        }
    }

    init(_ archive: ZipReader, filename: String, limits: ArchiveLimits) throws {
        self.filename = filename
        self.archive = archive
        distInfoDirectory = try Self.distInfoDirectory(ofFilename: filename)
        let path = "\(distInfoDirectory)/METADATA"
        let found = archive.entries(named: path)
        guard let entry = found.first else {
            throw InvalidDistribution("Wheel '\(filename)' does not contain the required METADATA file: \(path)")
        }
        guard found.count == 1 else { throw InvalidDistribution("Wheel '\(filename)' contains \(path) more than once") }
        metadata = try archive.read(entry, limit: limits.metadataBytes)
    }
}
