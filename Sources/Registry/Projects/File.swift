import SQLDatabase

/// A file of a release.
package struct File: Sendable, Hashable {
    package enum PackageType: String, Sendable, SQLConvertible, CaseIterable {
        case sdist
        case wheel = "bdist_wheel"
    }

    package let id: Int64
    package let projectID: Int64
    package let releaseID: Int64
    package let filename: String
    package let packageType: PackageType
    /// Bytes.
    package let size: Int64
    package let sha256: String
    package let blake2b256: String
    /// Where it lies in the storage.
    package let path: String

    init(row: Row) throws {
        id = try row["id"]
        projectID = try row["project_id"]
        releaseID = try row["release_id"]
        filename = try row["filename"]
        packageType = try row["packagetype"]
        size = try row["size"]
        sha256 = try row["sha256"]
        blake2b256 = try row["blake2_256"]
        path = try row["path"]
    }
}
