import Backends
package import JobQueue
import Logging
import SQLDatabase

/// Copies a new file, and its metadata, from the archive to where it is served (index §6.2).
package struct CopyToServed: Job {
    package static let kind = "copy-to-served"
    /// For a day: 2 s, 4 s … 10 min. Files that are still not served then are found by ``ReconcileStorages``.
    package static let retry = RetryPolicy(attempts: 160, firstDelay: .seconds(2), longestDelay: .seconds(600))

    let fileID: Int64

    package var deduplicationKey: String? { String(fileID) }

    package func run(in index: PackageIndex) async throws {
        guard let archive = index.archive else { return try await index.withdraw(fileID) }
        let fileID = fileID
        let file = try await index.database.read { tx in try tx.uncopiedFiles.contains(fileID) ? tx.files.named(id: fileID) : nil }
        guard let file else { return }
        _ = try await index.copyToServed(file, from: archive)
    }
}

extension PackageIndex {
    /// How long a file may take, and one second more for each further megabyte of a very large one.
    static func copyLimit(of file: NamedFile) -> Duration {
        let megabytes = file.blobs.reduce(0) { $0 + ($1.size ?? 0) } >> 20
        return .seconds(120 + max(0, megabytes - 100))
    }

    /// Makes the served copy of a file what the archive and the file's row agree on. May be repeated, also by several at once.
    ///
    /// What can not be copied because the archive's bytes are not those of the row is noted, and logged the first time.
    ///
    /// - Parameter limit: the time it may take; `nil` for ``copyLimit(of:)``.
    /// - Returns: whether it is served now.
    /// - Throws: ``BlobCopy/Failure``, `StorageError`, `DatabaseError`; ``TookTooLong``.
    func copyToServed(_ file: NamedFile, from archive: Archive, limit: Duration? = nil) async throws -> Bool {
        let copy = BlobCopy(source: archive.storage, target: storage, temporary: archive.temporary)
        let fault = try await within(limit ?? Self.copyLimit(of: file)) { () async throws -> Blob.Fault? in
            for blob in file.blobs {
                let isServed = try await BlobCopy.fault(of: blob, in: copy.target, .quick) == nil
                // A copy that outlived its original is worth being told, not being lost.
                let fault = try await isServed ? BlobCopy.fault(of: blob, in: copy.source, .quick) : copy.copy(blob)
                if let fault { return fault }
            }
            return nil
        }
        guard let fault else {
            try await database.write { try $0.uncopiedFiles.remove(file.id) }
            return true
        }
        if try await database.write({ try $0.uncopiedFiles.note("\(fault)", of: file.id) }) {
            logger.error("A file is unreconciled: the archive does not hold what its row says.", metadata: ["error": "\(fault)"])
        }
        return false
    }

    /// The archive was taken away again while a file waited: it is where `EMPORIUM_STORAGE_URL` says, or lost.
    fileprivate func withdraw(_ fileID: Int64) async throws {
        guard let file = try await database.read({ try $0.files.named(id: fileID) }) else { return }
        for blob in file.blobs {
            if let fault = try await BlobCopy.fault(of: blob, in: storage, .quick) { throw fault }
        }
        try await database.write { try $0.uncopiedFiles.remove(fileID) }
    }
}

/// It had to end by itself, and did not.
struct TookTooLong: Error, CustomStringConvertible {
    let limit: Duration
    var description: String { "It took longer than \(limit.components.seconds) seconds and will be tried again." }
}

/// Runs `body`, and cancels it when it takes too long.
func within<Result: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw TookTooLong(limit: limit)
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
