// The storages that the settings name.

import Backends
import Logging
import Registry
import SQLDatabase

extension Assembly {
    /// The storage behind the served one, where there is one.
    static func openArchive(_ settings: Settings) throws -> Archive? {
        guard let location = settings.archive else { return nil }
        return Archive(try openStorage(location, named: "EMPORIUM_ARCHIVE_URL"), temporary: try temporaryFiles(settings))
    }

    /// The storages of the index by the names of their settings.
    var storages: [(setting: String, storage: any FileStorage)] {
        [("EMPORIUM_STORAGE_URL", index.storage)] + (index.archive.map { [("EMPORIUM_ARCHIVE_URL", $0.storage)] } ?? [])
    }

    /// Takes the storages for this index. One that does not answer now may come later: uploads and downloads say so by themselves.
    ///
    /// - Throws: ``CommandFailure`` when another index has one of them.
    func claimStorages() async throws {
        let identity: String
        do {
            identity = try await index.identity()
        } catch let error as DatabaseError {
            throw Self.failure(error, settings)
        }
        for (setting, storage) in storages {
            do {
                try await Self.claim(storage, for: identity, named: setting)
            } catch let error as StorageError {
                logger.warning("It can not be asked now whose files a storage holds.", metadata: ["setting": "\(setting)", "error": "\(error)"])
            }
        }
    }

    /// - Parameter name: what the operator calls the storage.
    /// - Throws: ``CommandFailure`` when it belongs to another index; `StorageError` when it does not say.
    static func claim(_ storage: any FileStorage, for identity: String, named name: String) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await StorageOwner.claim(storage, for: identity) }
                // A start does not wait as long for a storage as an upload does.
                group.addTask {
                    try await Task.sleep(for: .seconds(10))
                    throw StorageError.unavailable("it did not answer within 10 seconds")
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch let taken as StorageOwner.Taken {
            throw CommandFailure(complaint(about: taken.owner, identity, name))
        }
    }

    static func complaint(about owner: String, _ identity: String, _ name: String) -> String {
        """
        \(name): the files there belong to another index (\(owner)), and this one is \(identity). Give each index a folder or bucket of its own; \
        if the other is gone for good, delete its object \(StorageOwner.path) first.
        """
    }
}
