// Everything an index asks of the inside of an uploaded file, in the order in which it tells of it (index §2.13 to §2.15).

/// What was learnt from a wheel that is accepted.
public struct WheelInspection: Sendable {
    /// The exact bytes of `METADATA`, as they are served beside the wheel (PEP 658).
    public let metadata: [UInt8]
    /// How `RECORD` and the members differ: something to tell the owners, no reason to refuse.
    public let record: RecordVerdict
}

/// What was learnt from a source distribution that is accepted.
public struct SourceInspection: Sendable {
    /// The single directory everything lies in.
    public let topLevelDirectory: String
    /// The exact bytes of `PKG-INFO`.
    public let pkgInfo: [UInt8]
}

/// Opens an uploaded file and runs every check that concerns its content. The first failure is told; all block the calling thread.
public enum DistributionInspection {
    /// The most bytes of a file name: file systems take 255, and what is stored beside a file has its name and an ending.
    public static let longestFilename = 240

    /// - Parameters:
    ///   - path: where the file lies.
    ///   - filename: the name it is published under.
    ///   - licenseFiles: the `License-File` fields of its metadata; each must be a member.
    ///   - scan: whether Python files are searched for encrypted code (`ContentScan`).
    /// - Throws: `InvalidDistribution` with the first reason to refuse the file.
    public static func inspect(
        wheelAt path: String,
        filename: String,
        licenseFiles: [String] = [],
        scan: Bool = true,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(InvalidDistribution) -> WheelInspection {
        do {
            return try inspect(wheel: ArchiveSource(path: path), filename: filename, licenseFiles: licenseFiles, scan: scan, limits: limits)
        } catch {
            throw InvalidDistribution(error, subject: "Wheel '\(filename)'")
        }
    }

    /// The same for a `.tar.gz`, or for a `.zip`, which can be valid but never has an acceptable name (PEP 625).
    /// - Throws: `InvalidDistribution` with the first reason to refuse the file.
    public static func inspect(
        sourceDistributionAt path: String,
        filename: String,
        licenseFiles: [String] = [],
        scan: Bool = true,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws(InvalidDistribution) -> SourceInspection {
        do {
            let source = try ArchiveSource(path: path)
            return try inspect(sourceDistribution: source, filename: filename, licenseFiles: licenseFiles, scan: scan, limits: limits)
        } catch {
            throw InvalidDistribution(error, subject: "Source distribution '\(filename)'")
        }
    }

    static func inspect(
        wheel source: ArchiveSource,
        filename: String,
        licenseFiles: [String] = [],
        scan: Bool = true,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> WheelInspection {
        try checkFilename(filename)
        let distInfo = try Wheel.distInfoDirectory(ofFilename: filename)
        let zip = try openZip(source, limits: limits)
        guard !zip.entries(named: "\(distInfo)/WHEEL").isEmpty else {
            throw InvalidDistribution("Wheel '\(filename)' does not contain the required WHEEL file: \(distInfo)/WHEEL")
        }
        let hashes = try checkContents(of: zip, scan: scan)
        try Wheel.checkDistInfoIsOnly(distInfo, in: zip, filename: filename)

        let members = Set(zip.entries.map(\.name))
        if let missing = licenseFiles.map({ "\(distInfo)/licenses/\($0)" }).first(where: { !members.contains($0) }) {
            throw InvalidDistribution("Wheel '\(filename)' does not contain the license file its metadata names: \(missing)")
        }
        let record = try Wheel.checkRecord(of: zip, distInfoDirectory: distInfo, filename: filename, hashes: hashes, limits: limits)
        if let entry = zip.entries(named: "\(distInfo)/entry_points.txt").first {
            try EntryPoints.check(try zip.read(entry, limit: limits.metadataBytes), filename: filename)
        }
        return WheelInspection(metadata: try Wheel(zip, filename: filename, limits: limits).metadata, record: record)
    }

    static func inspect(
        sourceDistribution source: ArchiveSource,
        filename: String,
        licenseFiles: [String] = [],
        scan: Bool = true,
        limits: ArchiveLimits = ArchiveLimits()
    ) throws -> SourceInspection {
        try checkFilename(filename)
        let distribution: SourceDistribution
        if filename.hasSuffix(".zip") {
            let zip = try openZip(source, limits: limits)
            distribution = try SourceDistribution(zip, filename: filename, limits: limits)
            try checkContents(of: zip, scan: scan)
        } else {
            distribution = try SourceDistribution(source, filename: filename, limits: limits, scan: scan)
        }
        if let missing = distribution.missingLicenseFile(among: licenseFiles) {
            throw InvalidDistribution("Source distribution '\(filename)' does not contain the license file its metadata names: \(missing)")
        }
        return SourceInspection(topLevelDirectory: distribution.topLevelDirectory, pkgInfo: distribution.pkgInfo)
    }

    /// The name becomes part of a path and of an address. Every part of it that PEP 427 and PEP 625 know has only these characters.
    private static func checkFilename(_ filename: String) throws(InvalidDistribution) {
        let stranger = filename.unicodeScalars.first { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", "+", "!": false
            default: true
            }
        }
        if let stranger { throw InvalidDistribution("The file name has a character that is not allowed in it: '\(stranger)'") }
        guard filename.utf8.count <= longestFilename else {
            throw InvalidDistribution("The file name is too long: it has \(filename.utf8.count) bytes and may have \(longestFilename)")
        }
    }

    private static func openZip(_ source: ArchiveSource, limits: ArchiveLimits) throws(InvalidArchive) -> ZipReader {
        guard try !ArchiveKind.isPlainTar(source) else {
            throw InvalidArchive(.malformed, try ArchiveKind.isZip(source) ? "is both a zip and a tar" : "is a tar, not a zip")
        }
        let zip = try ZipReader(source, limits: limits)
        try ZipRules.checkExpansion(zip, limits: limits)
        try ZipRules.checkMethods(zip)
        return zip
    }

    /// The scan comes before the framing, as in the reference; then what the reference leaves unchecked.
    ///
    /// - Returns: the hashes of the members that were read for it: unpacking is what costs, and `RECORD` asks for them next.
    @discardableResult
    private static func checkContents(of zip: ZipReader, scan: Bool) throws -> MemberHashes {
        var hashes = MemberHashes()
        if scan {
            let found = try ContentScan.firstFinding(in: zip.entries, name: \.name, size: \.size) {
                let content = try zip.read($0, limit: Int(ContentScan.largestMember))
                hashes.note(content, of: $0)
                return content
            }
            if let found { throw InvalidDistribution(found.finding.message(member: found.member)) }
        }
        try ZipFraming.check(zip)
        try ZipRules.checkKinds(zip)
        try ZipRules.checkPaths(zip)
        return hashes
    }
}
