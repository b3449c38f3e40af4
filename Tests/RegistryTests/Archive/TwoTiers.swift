import Backends
import Distributions
import JobQueue
import SQLDatabase
import Synchronization
import TestSupport

@testable import Registry

/// A storage that can be switched off, and counts what is stored in it.
final class SwitchedStorage: FileStorage {
    enum State: Sendable {
        case works
        /// Every call fails.
        case isDown
        case isFull
        /// Nothing that is stored ever arrives.
        case stalls
        /// What is stored arrives, and the answer is lost.
        case losesAnswers
    }

    let inner: MemoryStorage
    let state = Mutex(State.works)
    let puts = Mutex<[String: Int]>([:])
    /// Runs before something is stored, once.
    let beforePut = Mutex<(@Sendable () async throws -> Void)?>(nil)

    init(_ inner: MemoryStorage) { self.inner = inner }

    func become(_ new: State) { state.withLock { $0 = new } }

    private func check() throws(StorageError) {
        if case .isDown = state.withLock({ $0 }) { throw .unavailable("it is switched off") }
    }

    private func putting(_ path: StoragePath, _ body: () async throws(StorageError) -> Void) async throws(StorageError) {
        try check()
        let hook = beforePut.withLock { hook in
            defer { hook = nil }
            return hook
        }
        do { try await hook?() } catch { throw .unavailable("\(error)") }
        switch state.withLock({ $0 }) {
        case .isFull: throw .full
        case .stalls:
            // Ends with its task.
            try? await Task.sleep(for: .seconds(3600))
            throw .unavailable("it stood still")
        case .losesAnswers:
            try await body()
            throw .unavailable("the answer was lost")
        case .works, .isDown:
            puts.withLock { $0[path.text, default: 0] += 1 }
            try await body()
        }
    }

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        try await putting(path) { () async throws(StorageError) in try await inner.put(fileAt: localPath, at: path) }
    }

    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {
        try await putting(path) { () async throws(StorageError) in try await inner.put(bytes, at: path) }
    }

    func size(of path: StoragePath) async throws(StorageError) -> Int64 {
        try check()
        return try await inner.size(of: path)
    }

    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile {
        try check()
        return try await inner.open(path)
    }

    func delete(_ path: StoragePath) async throws(StorageError) -> Bool {
        try check()
        return try await inner.delete(path)
    }

    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try check()
        return try await inner.list(prefix: prefix, after: after, limit: limit)
    }

    /// Puts other bytes in the place of a file's.
    func damage(_ path: String) async throws {
        let place = try StoragePath(path)
        var bytes = try await inner.bytes(at: place, limit: 1 << 30)
        bytes[bytes.count / 2] ^= 1
        try await replace(path, bytes)
    }

    func replace(_ path: String, _ bytes: [UInt8]) async throws {
        let place = try StoragePath(path)
        try await inner.delete(place)
        try await inner.put(bytes, at: place)
    }

    func remove(_ path: String) async throws { try await inner.delete(StoragePath(path)) }

    /// All that is stored.
    func content() async throws -> [String: [UInt8]] {
        var content: [String: [UInt8]] = [:]
        for path in try await inner.list() { content[path.text] = try await inner.bytes(at: path, limit: 1 << 30) }
        return content
    }
}

/// An index with an archive, its user alice and her token.
struct TwoTiers {
    let test: TestIndex
    let served: SwitchedStorage
    let archive: SwitchedStorage
    let index: PackageIndex
    let token: String

    static func run(_ body: (TwoTiers) async throws -> Void) async throws {
        try await TestIndex.run { test in
            let (served, archive) = (SwitchedStorage(test.storage), SwitchedStorage(MemoryStorage()))
            let temporary = try TemporaryFiles(folder: "\(test.folder)/between")
            let index = test.index(storage: served, archive: Archive(archive, temporary: temporary))
            try await test.user()
            try await body(TwoTiers(test: test, served: served, archive: archive, index: index, token: try await test.token()))
        }
    }

    /// - Returns: where it lies.
    @discardableResult
    func publish(_ upload: UploadBuilder) async throws -> String {
        let outcome = try await index.publish(upload.received(as: .token(token), in: test.folder))
        guard case .published = outcome else { throw ProgramError(description: "not published: \(outcome)") }
        return Self.path(of: upload)
    }

    static func path(of upload: UploadBuilder) -> String { PackageIndex.storagePath(Digests(of: upload.bytes), upload.filename) }

    @discardableResult
    func runJobs() async throws -> Int {
        try await JobRunner(database: test.db, registry: AllJobs.registry, context: index, now: test.clock.clock.now, logger: index.logger).runDue()
    }

    /// As if the jobs that copy had been lost.
    func loseJobs() async throws {
        try await test.db.write { _ = try $0.execute("DELETE FROM jobs WHERE kind = \(CopyToServed.kind)") }
        test.clock.advance(by: .seconds(3600))
    }

    func waiting() async throws -> UncopiedFiles.Count { try await test.db.read { try $0.uncopiedFiles.count() } }
}
