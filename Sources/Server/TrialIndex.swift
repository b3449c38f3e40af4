// An index that exists only to be published to.

import Backends
import Credentials
import Distributions
import Foundation
import Logging
import Packaging
import Readme
import Registry
import SQLiteEngine

/// Publishes local files to an empty index in memory, by the site's rules: what it says is what a publish would be told.
struct TrialIndex {
    /// What a publish of one file would be told.
    struct Verdict {
        let filename: String
        /// Nil when the file would be accepted.
        let refusal: String?
        /// What is no reason to refuse it but worth knowing.
        let notes: [String]
    }

    private let index: PackageIndex
    private let token: String

    /// - Parameters:
    ///   - lists: the identifiers the site goes by, where they are newer than this program's.
    ///   - python: the interpreter that renders descriptions.
    init(_ settings: IndexSettings, lists: [FetchedList] = [], python: String) async throws {
        var logger = Logger(label: "emporium")
        logger.logLevel = .critical
        index = PackageIndex(
            database: try SQLiteDatabase(path: nil),
            storage: NoStorage(),
            passwords: PasswordHasher(),
            secrets: Secrets(secretKey: (0..<32).map { _ in UInt8.random(in: 0...255) }),
            readme: ReadmeRenderer(python: python, logger: logger),
            settings: settings,
            logger: logger
        )
        try await index.migrate()
        _ = try await index.refreshIdentifiers(lists)
        try await index.createUser(username: "you", email: "you@example.org")
        token = try await index.createToken(for: "you", NewToken(description: "trial", origin: .operator_))
    }

    func close() async { await index.readme.shutDown() }

    /// Publishes the file at `path` under its own name, with the form that a publishing client would make of its metadata.
    func publish(fileAt path: String) async throws -> Verdict {
        let filename = URL(fileURLWithPath: path).lastPathComponent
        let file: ParsedMetadataFile
        do {
            file = CoreMetadata.parse(file: try Self.metadata(ofFileAt: path, filename: filename))
        } catch {
            return Verdict(filename: filename, refusal: "Invalid distribution file. \(error.message)", notes: [])
        }
        var metadata = file.metadata
        // Build tools wrote the field years before there was such a one; clients leave it out then.
        if let version = metadata.metadataVersion.flatMap(MetadataVersion.init(rawValue:)), version < .v2_4 { metadata.licenseFiles = nil }
        let isWheel = filename.hasSuffix(".whl")
        let digests = try Digests(ofFileAt: path)
        let fields =
            [
                (":action", "file_upload"), ("protocol_version", "1"), ("filetype", isWheel ? "bdist_wheel" : "sdist"),
                ("pyversion", isWheel ? (try? WheelFilename(filename))?.tags.interpreters.first ?? "py3" : "source"),
                ("sha256_digest", digests.sha256),
            ] + metadata.formFields.map { ($0.name, $0.value) }
        let upload = Upload(
            credentials: .token(token),
            fields: fields.map { Upload.Field(name: $0.0, value: $0.1) },
            content: Upload.Content(
                filename: filename,
                contentType: "application/octet-stream",
                localPath: path,
                digests: digests,
                size: digests.size
            )
        )
        do {
            let outcome = try await index.publish(upload)
            return Verdict(filename: filename, refusal: nil, notes: Self.notes(on: file) + outcome.warnings)
        } catch let rejection as Rejection {
            return Verdict(filename: filename, refusal: rejection.message, notes: [])
        }
    }

    private static func metadata(ofFileAt path: String, filename: String) throws(InvalidDistribution) -> [UInt8] {
        if filename.hasSuffix(".whl") { return try Wheel(path: path, filename: filename).metadata }
        // Reading a zip is part of judging it.
        if filename.hasSuffix(".zip") { return try DistributionInspection.inspect(sourceDistributionAt: path, filename: filename).pkgInfo }
        return try SourceDistribution(path: path, filename: filename).pkgInfo
    }

    private static func notes(on file: ParsedMetadataFile) -> [String] {
        (file.metadata.description == nil ? ["It has no description."] : [])
            + file.unparsed.sorted { $0.key < $1.key }.map { header, values in
                "\(header) in its metadata is unknown or can not be read: '\(MetadataError.echo(values.first ?? ""))'."
            }
    }
}

/// Keeps nothing: the bytes are where they were.
private struct NoStorage: FileStorage {
    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {}
    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {}
    func size(of path: StoragePath) async throws(StorageError) -> Int64 { throw .notFound(path) }
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { throw .notFound(path) }
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool { false }
    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] { [] }
}
