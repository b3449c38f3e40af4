import Foundation

/// What a backup holds. It is written last: a backup without one is none.
package struct BackupManifest: Sendable, Hashable, Codable {
    /// A file of the backup.
    package struct Part: Sendable, Hashable, Codable {
        package let path: String
        package let size: Int64
        package let sha256: String
    }

    package static let format = 1

    package let format: Int
    /// Of this generation.
    package let id: String
    /// The index's identity.
    package let index: String
    /// The last migration that was applied.
    package let schemaVersion: Int
    /// Microseconds since 1970.
    package let createdAt: Int64
    package let lastSerial: Int64
    package let tables: [TableSummary]
    /// The rows (``RowStream``).
    package let rows: Part
    /// The list of files, in the same form: path, size and hashes.
    package let blobs: Part
    package let blobCount: Int
    /// Without those whose size no row says.
    package let blobBytes: Int64
    /// Tells the secret key that seals tokens from others, and says nothing of it.
    package let secretKeyFingerprint: String
    /// What was wrong with files of the index when the backup was made: they are not in it.
    package let faults: [String]

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [10]
    }
}
