package import Backends
import Logging

/// A stored file that a download is answered with.
package struct OpenedFile: Sendable {
    package let file: StoredFile
    /// Whether it is the served copy, where a client may be sent to.
    package let isServed: Bool
}

extension PackageIndex {
    /// Opens a published file where downloads come from; until its copy is there, or when it is lost, in the archive.
    ///
    /// - Throws: `StorageError`.
    package func openFile(_ path: StoragePath) async throws -> OpenedFile {
        guard let archive else { return OpenedFile(file: try await storage.open(path), isServed: true) }
        let failure: StorageError
        do {
            return OpenedFile(file: try await openServed(path, archive), isServed: true)
        } catch let error as StorageError {
            failure = error
        }
        let file: StoredFile
        do {
            file = try await archive.storage.open(path)
        } catch let error as StorageError {
            // Of a file that only the served storage can have nobody knows now.
            throw error.isNotFound ? failure : error
        }
        archive.count(failure.isNotFound ? .missing : .unavailable)
        if failure.isNotFound { logger.notice("A download came from the archive.", metadata: ["file.path": "\(path)"]) }
        return OpenedFile(file: file, isServed: false)
    }

    private func openServed(_ path: StoragePath, _ archive: Archive) async throws -> StoredFile {
        guard !archive.isPaused(now: clock.now()) else { throw StorageError.unavailable("it failed a moment ago and is left alone") }
        do {
            return try await storage.open(path)
        } catch let error as StorageError {
            guard !error.isNotFound else { throw error }
            archive.pause(now: clock.now())
            // Once for each pause: everybody who comes meanwhile would say the same.
            logger.error("The storage that files are served from failed; downloads come from the archive.", metadata: ["error": "\(error)"])
            throw error
        }
    }
}
