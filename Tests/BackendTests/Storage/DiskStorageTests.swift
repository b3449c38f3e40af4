// What only a storage on a disk can get wrong.
import Foundation
import Glibc
import Testing

@testable import Backends

@Suite struct DiskStorageTests {
    private let folder = NSTemporaryDirectory() + "disk-\(UUID().uuidString)"

    private func temporaryNames(_ root: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: root + "/.incoming") }

    @Test func `a symbolic link below the root leads nowhere`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storage = try DiskStorage(root: folder + "/files")
        let outside = folder + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try Data([7]).write(to: URL(fileURLWithPath: outside + "/secret"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/files/way", withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(atPath: folder + "/files/secret", withDestinationPath: outside + "/secret")

        for text in ["way/secret", "secret"] {
            let path = try StoragePath(text)
            await #expect(throws: StorageError.notFound(path)) { try await storage.open(path) }
            await #expect(throws: StorageError.notFound(path)) { try await storage.size(of: path) }
            await #expect(throws: StorageError.conflict(path)) { try await storage.put([7], at: path) }
        }
        await #expect(throws: StorageError.conflict("way/new")) { try await storage.put([1], at: "way/new") }
        #expect(try await !storage.delete("way/secret"))
        #expect(try await storage.list() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["secret"])
    }

    @Test func `storing leaves no temporary file behind, in success and in conflict`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storage = try DiskStorage(root: folder)
        try await storage.put([1], at: "a/b")
        await #expect(throws: StorageError.self) { try await storage.put([2], at: "a/b") }
        #expect(try temporaryNames(folder) == [])
    }

    @Test func `a file on the same file system is linked, not copied`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storage = try DiskStorage(root: folder + "/files")
        let temporary = try TemporaryFiles(folder: folder + "/uploads").make()
        try temporary.write([1, 2, 3])
        try await storage.put(fileAt: temporary.path, at: "a/b")
        let one = try FileManager.default.attributesOfItem(atPath: temporary.path)
        let other = try FileManager.default.attributesOfItem(atPath: folder + "/files/a/b")
        #expect(one[.systemFileNumber] as? Int == other[.systemFileNumber] as? Int && one[.systemFileNumber] != nil)
        #expect(other[.posixPermissions] as? Int == 0o644)
        temporary.remove()
        #expect(try await storage.bytes(at: "a/b", limit: 3) == [1, 2, 3])
    }

    @Test func `what a crashed process left is swept, what a living one writes is not`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let living = try TemporaryFiles(folder: folder).make()
        try living.write([1])
        try Data([1]).write(to: URL(fileURLWithPath: folder + "/crashed.part"))
        try Data([1]).write(to: URL(fileURLWithPath: folder + "/somebody-elses"))
        _ = try TemporaryFiles(folder: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(names) == [String(living.path.split(separator: "/").last!), "somebody-elses"])
    }

    @Test func `a temporary file knows its size and goes with its object`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = try TemporaryFiles(folder: folder)
        var file: TemporaryFile? = try files.make()
        let path = try #require(file?.path)
        try file?.write([1, 2, 3][...])
        try file?.write([4, 5, 6][1...])
        #expect(file?.size == 5)
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == [1, 2, 3, 5, 6])
        file = nil
        #expect(access(path, F_OK) != 0)
    }

    @Test func `a descriptor for sendfile is open as long as the file is kept`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storage = try DiskStorage(root: folder)
        try await storage.put([1, 2, 3], at: "a")
        var file: StoredFile? = try await storage.open("a")
        let descriptor = try #require(file?.descriptor)
        var bytes = [UInt8](repeating: 0, count: 4)
        #expect(pread(descriptor, &bytes, 4, 0) == 3)
        #expect(bytes == [1, 2, 3, 0])
        let target = { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)") }
        #expect(target() == "\(folder)/a")
        file = nil
        // (Another test may have taken the number.)
        #expect(target() != "\(folder)/a")
    }

    @Test func `a full disk is told as full, and leaves nothing half-written`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mounted = mount("tmpfs", folder, "tmpfs", 0, "size=256k")
        // Only root may mount. Elsewhere this test must not look as if it had run.
        try #require(
            mounted == 0,
            "needs root to mount a small tmpfs: \(String(cString: strerror(errno))); run the tests as root or under `unshare -rm`"
        )
        defer { umount2(folder, 2) }

        let storage = try DiskStorage(root: folder + "/files")
        let small = [UInt8](repeating: 1, count: 100_000)
        try await storage.put(small, at: "a/small")
        let path: StoragePath = "b/large"
        await #expect(throws: StorageError.full) { try await storage.put([UInt8](repeating: 2, count: 300_000), at: path) }
        await #expect(throws: StorageError.notFound(path)) { try await storage.open(path) }
        #expect(try temporaryNames(folder + "/files") == [])

        // From another file system, so that it must be copied.
        let local = NSTemporaryDirectory() + "large-\(UUID().uuidString)"
        try Data([UInt8](repeating: 2, count: 300_000)).write(to: URL(fileURLWithPath: local))
        defer { unlink(local) }
        await #expect(throws: StorageError.full) { try await storage.put(fileAt: local, at: path) }
        #expect(try temporaryNames(folder + "/files") == [])
        do {
            let temporary = try TemporaryFiles(folder: folder + "/uploads").make()
            #expect(throws: StorageError.full) { try temporary.write([UInt8](repeating: 3, count: 300_000)[...]) }
        }

        #expect(try await storage.list().map(\.text) == ["a/small"])
        #expect(try await storage.bytes(at: "a/small", limit: 100_000) == small)
        try await storage.put([UInt8](repeating: 4, count: 100_000), at: path)
        #expect(try await storage.size(of: path) == 100_000)
    }
}
