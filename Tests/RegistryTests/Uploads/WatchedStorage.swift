import Backends

/// A storage at which something happens after each call.
struct WatchedStorage: FileStorage {
    let storage: any FileStorage
    var afterPut: @Sendable () async throws -> Void = {}
    var afterDelete: @Sendable () async throws -> Void = {}

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        try await storage.put(fileAt: localPath, at: path)
        do { try await afterPut() } catch { throw .unavailable("\(error)") }
    }

    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) { try await storage.put(bytes, at: path) }
    func size(of path: StoragePath) async throws(StorageError) -> Int64 { try await storage.size(of: path) }
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { try await storage.open(path) }

    func delete(_ path: StoragePath) async throws(StorageError) -> Bool {
        let wasThere = try await storage.delete(path)
        do { try await afterDelete() } catch { throw .unavailable("\(error)") }
        return wasThere
    }

    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try await storage.list(prefix: prefix, after: after, limit: limit)
    }
}

/// What a watched storage throws to fail.
struct BrokenDisk: Error {}
