package import Backends
import SQLDatabase

/// Stored bytes that a row of `files` names: a file, or the metadata beside it.
package struct NamedBytes: Sendable, Hashable {
    package let path: StoragePath
    /// `nil` where no row says it: of metadata.
    let size: Int64?
    /// 64 lower-case hexadecimal digits.
    let sha256: String

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

    func fault(size found: Int64, sha256 hash: String?) -> Fault? {
        if let size, found != size { return .damaged(path, "it has \(found) bytes instead of \(size)") }
        if let hash, hash != sha256 { return .damaged(path, "its SHA-256 is \(hash) instead of \(sha256)") }
        return nil
    }
}

/// A file with all bytes that its row names.
package struct NamedFile: Sendable, Hashable {
    package let id: Int64
    /// The file, then the metadata where there is one.
    package let bytes: [NamedBytes]

    init(row: Row) throws {
        id = try row["id"]
        let path: String = try row["path"]
        var bytes = [NamedBytes(path: try StoragePath(path), size: try row["size"], sha256: try row["sha256"])]
        if let metadata = try row["metadata_sha256", as: String?.self] {
            bytes.append(NamedBytes(path: try StoragePath(path + ".metadata"), size: nil, sha256: metadata))
        }
        self.bytes = bytes
    }
}
