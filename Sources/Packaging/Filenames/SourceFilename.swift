// `name-version.tar.gz`

/// The file name of a source distribution, read as PyPA `packaging` reads it.
public struct SourceFilename: Hashable, Sendable {
    /// The archive formats there are.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case tarGzip = ".tar.gz"
        case zip = ".zip"
    }

    /// The whole file name as given.
    public let raw: String

    /// The name part as given.
    public let rawName: String

    /// The version part as given.
    public let rawVersion: String

    /// The name part in PEP 503 form.
    public let name: NormalizedName

    /// The version.
    public let version: Version

    /// The archive format its ending names.
    public let format: Format

    /// The file name with name and version in normal form: every spelling of a file's name has the same one.
    public var normalized: String { "\(name.underscored)-\(version)\(format.rawValue)" }

    /// Splits name and version at the last dash.
    /// - Throws: `InvalidSourceFilename`.
    public init(_ filename: String) throws(InvalidSourceFilename) {
        try self.init(filename, skippingDashes: 0)
    }

    /// Reads the file name of a known project: when the last dash belongs to an implicit post release (`name-1.0-9.tar.gz`), the one before
    /// it separates name and version.
    /// - Throws: `InvalidSourceFilename`.
    public init(_ filename: String, of project: NormalizedName) throws(InvalidSourceFilename) {
        let atLastDash = try SourceFilename(filename, skippingDashes: 0)
        if atLastDash.name != project, let other = try? SourceFilename(filename, skippingDashes: 1), other.name == project,
            other.version.isPostrelease
        {
            self = other
        } else {
            self = atLastDash
        }
    }

    private init(_ filename: String, skippingDashes skipped: Int) throws(InvalidSourceFilename) {
        guard let format = Format.allCases.first(where: { filename.utf8.suffix($0.rawValue.utf8.count).elementsEqual($0.rawValue.utf8) }) else {
            throw InvalidSourceFilename(input: filename, reason: "it must end in .tar.gz or .zip")
        }
        let stem = Array(filename.utf8.dropLast(format.rawValue.utf8.count))
        let dashes = stem.indices.filter { stem[$0] == UInt8(ascii: "-") }
        guard dashes.count > skipped else { throw InvalidSourceFilename(input: filename, reason: "no dash separates name and version") }
        let dash = dashes[dashes.count - 1 - skipped]
        guard dash > 0 else { throw InvalidSourceFilename(input: filename, reason: "the name is missing") }
        raw = filename
        rawName = String(decoding: stem[..<dash], as: UTF8.self)
        rawVersion = String(decoding: stem[(dash + 1)...], as: UTF8.self)
        name = NormalizedName(normalizing: rawName)
        self.format = format
        do {
            version = try Version(rawVersion)
        } catch {
            throw InvalidSourceFilename(input: filename, reason: "\(PythonText.excerpt(error.input)) is no version")
        }
    }
}

/// A string that is no file name of a source distribution.
public struct InvalidSourceFilename: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was given.
    public let input: String
    let reason: String

    /// What is wrong, for people.
    public var message: String { "Invalid source distribution filename \(PythonText.excerpt(input)): \(reason)." }

    public var description: String { message }
}
