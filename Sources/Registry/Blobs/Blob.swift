// What rows say of stored bytes.

package import Backends
import Distributions
import SQLDatabase

/// Stored bytes that a row of `files` names: a file, or the metadata beside it.
package struct Blob: Sendable, Hashable {
    package let path: StoragePath
    /// `nil` where no row says it: of metadata.
    package let size: Int64?
    /// 64 lower-case hexadecimal digits.
    package let sha256: String
    /// The same.
    package let blake2b256: String

    init(path: StoragePath, size: Int64?, sha256: String, blake2b256: String) {
        (self.path, self.size, self.sha256, self.blake2b256) = (path, size, sha256, blake2b256)
    }

    /// What is wrong with them in a storage.
    package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        case missing(StoragePath)
        /// With what is wrong.
        case damaged(StoragePath, String)

        package var description: String {
            switch self {
            case .missing(let path): "\(path) is missing"
            case .damaged(let path, let how): "\(path) is damaged: \(how)"
            }
        }

        var isMissing: Bool { if case .missing = self { true } else { false } }
    }

    /// What is wrong with bytes of which this much is known; `nil` for nothing.
    func fault(size found: Int64, sha256 hash: String? = nil) -> Fault? {
        if let size, found != size { return .damaged(path, "it has \(found) bytes instead of \(size)") }
        if let hash, hash != sha256 { return .damaged(path, "its SHA-256 is \(hash) instead of \(sha256)") }
        return nil
    }

    func fault(_ digests: Digests) -> Fault? {
        if let fault = fault(size: digests.size, sha256: digests.sha256) { return fault }
        return digests.blake2b256 == blake2b256 ? nil : .damaged(path, "its BLAKE2b is not what its row says")
    }
}

/// A file with all bytes that its row names.
package struct NamedFile: Sendable, Hashable {
    package let id: Int64
    /// The file, then the metadata where there is one.
    package let blobs: [Blob]

    init(row: Row) throws {
        id = try row["id"]
        let path: String = try row["path"]
        var blobs = [Blob(path: try StoragePath(path), size: try row["size"], sha256: try row["sha256"], blake2b256: try row["blake2_256"])]
        if let sha256 = try row["metadata_sha256", as: String?.self], let blake2b256 = try row["metadata_blake2_256", as: String?.self] {
            blobs.append(Blob(path: try StoragePath(path + ".metadata"), size: nil, sha256: sha256, blake2b256: blake2b256))
        }
        self.blobs = blobs
    }
}
