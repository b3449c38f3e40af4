// Whose files lie in a storage.

/// A small object that says which index a storage belongs to. Two indexes in one folder or bucket would go well until one of them removes what it takes for
/// its own.
///
/// It lies at the root, where no file of an index can be: those have four folders' depth.
public enum StorageOwner {
    /// Where it lies.
    public static let path = "emporium-index"
    /// Longer than any identity.
    private static let limit = 256

    /// The storage belongs to another index.
    public struct Taken: Error, Sendable, Hashable {
        /// The index that it belongs to, as it calls itself.
        public let owner: String
    }

    /// Which index a storage belongs to; `nil` when nobody has claimed it.
    /// - Throws: `StorageError`: `.unavailable`.
    public static func name(in storage: any FileStorage) async throws(StorageError) -> String? {
        guard let path = try? StoragePath(path) else { return nil }
        do {
            let text = String(decoding: try await storage.bytes(at: path, limit: limit), as: UTF8.self)
            return String(text.prefix { !$0.isNewline })
        } catch {
            if case .notFound = error { return nil }
            throw error
        }
    }

    /// Takes the storage for an index, unless it is another's. Of two that claim it at once one gets it; only where a store has no conditional writes may
    /// both believe so until their next start.
    /// - Parameter identity: a line of text that no other index has.
    /// - Throws: ``Taken``; `StorageError` when the storage can not be asked or written.
    public static func claim(_ storage: any FileStorage, for identity: String) async throws {
        if let owner = try await name(in: storage) { return try check(owner, identity) }
        do {
            try await storage.put(Array("\(identity)\n".utf8), at: StoragePath(path))
        } catch let error as StorageError {
            guard case .conflict = error else { throw error }
        }
        // As it is now, whoever wrote it.
        if let owner = try await name(in: storage) { try check(owner, identity) }
    }

    /// Gives the storage up, if it is this index's.
    /// - Throws: `StorageError`.
    public static func release(_ storage: any FileStorage, of identity: String) async throws {
        if try await name(in: storage) == identity { try await storage.delete(StoragePath(path)) }
    }

    private static func check(_ owner: String, _ identity: String) throws {
        if owner != identity { throw Taken(owner: owner) }
    }
}
