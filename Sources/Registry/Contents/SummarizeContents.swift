import Backends
import Distributions
package import JobQueue
import Logging
import SQLDatabase

/// Looks into a published file and keeps what is inside (``Contents``), for pages that show it.
package struct SummarizeContents: Job {
    package static let kind = "summarize-contents"
    /// For some hours: 5 s, 10 s … 1 h. What is still missing then, ``SummarizeOlderFiles`` finds.
    package static let retry = RetryPolicy(attempts: 20, firstDelay: .seconds(5), longestDelay: .seconds(3600))

    let fileID: Int64

    package var deduplicationKey: String? { String(fileID) }

    package func run(in index: PackageIndex) async throws { try await index.summarizeContents(of: fileID) }
}

/// Looks into the files that nobody has looked into yet: those from before this was done, those whose own job was given up, and all of them when a newer version
/// knows more.
package struct SummarizeOlderFiles: Job {
    package static let kind = "summarize-older-files"
    package static let priority = JobPriority.low
    /// It comes again by itself.
    package static let retry = RetryPolicy(attempts: 1, firstDelay: .seconds(300), longestDelay: .seconds(300))
    /// After how many microseconds it leaves the rest to a job like it, so that others get their turn.
    static let patience: Int64 = 120 * 1_000_000
    /// How many files are looked for at once.
    static let count = 100

    /// The last file that is done.
    var after: Int64 = 0

    package var deduplicationKey: String? { "older" }

    package init() {}

    package func run(in index: PackageIndex) async throws {
        let begun = index.clock.now()
        var position: Int64? = after
        var failures = 0
        while let after = position {
            let (ids, next) = try await index.database.read { try $0.contents.missing(after: after, limit: Self.count) }
            for id in ids {
                try Task.checkCancellation()
                do {
                    try await index.summarizeContents(of: id)
                    failures = 0
                } catch let error as StorageError {
                    index.logger.error("A file could not be looked into: the storage failed.", metadata: ["file.id": "\(id)", "error": "\(error)"])
                    // One file may be broken; after several in a row it is the storage, and the next ones would fare no better now.
                    failures += 1
                    if failures == 5 { return }
                }
                guard index.clock.now() - begun < Self.patience else { return try await goOn(after: id, index) }
            }
            position = next
        }
    }

    private func goOn(after id: Int64, _ index: PackageIndex) async throws {
        var rest = self
        rest.after = id
        let job = rest
        try await index.database.write { _ = try $0.jobs.enqueue(job, now: index.clock.now()) }
    }
}

extension PackageIndex {
    /// Makes the summary of a file that has none, or an older version's. May be repeated, also by several at once.
    ///
    /// - Throws: `StorageError` when the storage does not work now, `DatabaseError`.
    func summarizeContents(of fileID: Int64) async throws {
        let file = try await database.read { try $0.contents.isCurrent(fileID: fileID) ? nil : $0.files.find(id: fileID) }
        guard let file else { return }
        let found = try await summary(of: file)
        if case .failure(let fault) = found {
            logger.notice("A file could not be looked into.", metadata: ["file.name": "\(file.filename)", "error": "\(fault.text)"])
        }
        try await database.write { try $0.contents.keep(found, fileID: fileID, now: clock.now()) }
    }

    private static let lost = ContentsFault("The file is not in the storage.", isLasting: false)

    private typealias Found = Result<(contents: DistributionContents, encoded: [UInt8]), ContentsFault>

    private func summary(of file: File) async throws -> Found {
        let stored: StoredFile
        do {
            stored = try await truth.open(StoragePath(file.path))
        } catch let error as StorageError where error.isNotFound {
            return .failure(Self.lost)
        }
        let archive = StoredArchive(stored, limit: .seconds(300 + stored.size >> 20))
        return try await withTaskCancellationHandler {
            try await archiveLine.runForJob { try Self.summary(of: archive, filename: file.filename) }
        } onCancel: {
            archive.cancel()
        }
    }

    private static func summary(of archive: StoredArchive, filename: String) throws -> Found {
        do throws(InvalidDistribution) {
            let contents = try DistributionContents(archive.source, filename: filename)
            return .success((contents, contents.encoded()))
        } catch {
            switch archive.failure {
            case .storage(let failure) where failure.isNotFound: return .failure(lost)
            case .storage(let failure): throw failure
            case .cancelled: throw CancellationError()
            case .tooSlow: return .failure(ContentsFault("Reading it took too long.", isLasting: false))
            case nil where error.isUnreadable: throw StorageError.unavailable(error.message)
            case nil: return .failure(ContentsFault(error.message))
            }
        }
    }
}
