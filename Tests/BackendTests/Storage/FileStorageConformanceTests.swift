// What every file storage must do, asked of each of them.
import Crypto
import Foundation
import TestSupport
import Testing

@testable public import Backends

extension StoragePath: ExpressibleByStringLiteral {
    /// For tests: a literal that is no path stops the test.
    // A literal that is no path is a mistake in the test itself: it may trap.
    public init(stringLiteral text: String) { try! self.init(text) }
}

/// A storage under test, with a folder for local files; both are gone with this object.
final class StorageUnderTest: Sendable {
    enum Kind: CaseIterable, Sendable {
        case disk
        case memory
        case s3

        /// Those that keep a tree.
        static let trees: [Kind] = [.disk, .memory]
    }

    let storage: any FileStorage
    let folder: String

    init(_ kind: Kind) async throws {
        folder = NSTemporaryDirectory() + "storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch kind {
        case .disk: storage = try DiskStorage(root: folder + "/files")
        case .memory: storage = MemoryStorage()
        case .s3: storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func localFile(_ bytes: [UInt8], _ name: String = "local") throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        return "\(folder)/\(name)"
    }
}

@Suite struct FileStorageConformanceTests {
    private let path = "ab/cd/ef/demo-1.0.tar.gz" as StoragePath
    private let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `bytes come back as they were put`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        try await under.storage.put(content, at: path)
        #expect(try await under.storage.size(of: path) == Int64(content.count))
        #expect(try await under.storage.bytes(at: path, limit: content.count) == content)
        try await under.storage.put([], at: "empty")
        #expect(try await under.storage.bytes(at: "empty", limit: 0) == [])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `a local file is stored and may be removed afterwards`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        let local = try under.localFile(content)
        try await under.storage.put(fileAt: local, at: path)
        try FileManager.default.removeItem(atPath: local)
        #expect(try await under.storage.bytes(at: path, limit: content.count) == content)
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `a missing local file, a folder and a link are no files to store`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        let local = try under.localFile([1])
        try FileManager.default.createSymbolicLink(atPath: under.folder + "/link", withDestinationPath: local)
        for name in ["nothing", ".", "link"] {
            await #expect(throws: StorageError.self) { try await under.storage.put(fileAt: "\(under.folder)/\(name)", at: path) }
        }
        #expect(try await under.storage.list() == [])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `the same bytes may be put again, other bytes never replace them`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        var other = content
        other[2_999_999] ^= 1
        try await under.storage.put(content, at: path)
        try await under.storage.put(content, at: path)
        try await under.storage.put(fileAt: under.localFile(content), at: path)
        for bytes in [other, [], content + [0]] {
            await #expect(throws: StorageError.conflict(path)) { try await under.storage.put(bytes, at: path) }
            await #expect(throws: StorageError.conflict(path)) { try await under.storage.put(fileAt: under.localFile(bytes), at: path) }
        }
        #expect(try await under.storage.bytes(at: path, limit: content.count) == content)
    }

    @Test(arguments: StorageUnderTest.Kind.trees)
    func `a path is a file or a folder, not both`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        try await under.storage.put([1], at: "a/b")
        await #expect(throws: StorageError.conflict("a")) { try await under.storage.put([1], at: "a") }
        await #expect(throws: StorageError.conflict("a/b/c")) { try await under.storage.put([1], at: "a/b/c") }
        await #expect(throws: StorageError.notFound("a")) { try await under.storage.open("a") }
        await #expect(throws: StorageError.notFound("a")) { try await under.storage.size(of: "a") }
        await #expect(throws: StorageError.notFound("a/b/c")) { try await under.storage.open("a/b/c") }
        #expect(try await !under.storage.delete("a"))
        #expect(try await under.storage.list().map(\.text) == ["a/b"])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `what is not there is not found`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        await #expect(throws: StorageError.notFound(path)) { try await under.storage.open(path) }
        await #expect(throws: StorageError.notFound(path)) { try await under.storage.size(of: path) }
        #expect(try await !under.storage.delete(path))
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `a deleted file is gone, its open readers get its bytes or none, and its path is free`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        try await under.storage.put(content, at: path)
        let open = try await under.storage.open(path)
        #expect(try await under.storage.delete(path))
        #expect(try await !under.storage.delete(path))
        await #expect(throws: StorageError.notFound(path)) { try await under.storage.open(path) }
        if kind == .s3 {
            await #expect(throws: StorageError.notFound(path)) { try await open.read(at: 0, count: content.count) }
        } else {
            #expect(try await open.read(at: 0, count: content.count) == content)
        }
        try await under.storage.put([1], at: path)
        #expect(try await under.storage.bytes(at: path, limit: 1) == [1])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `any range is read, in chunks of any size`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        try await under.storage.put(content, at: path)
        let file = try await under.storage.open(path)
        for (range, chunk) in [(0..<3_000_000, 1 << 20), (5..<17, 3), (2_999_999..<9_000_000, 10), (0..<0, 1), (4_000_000..<5_000_000, 1)]
            as [(Range<Int64>, Int)]
        {
            var got: [UInt8] = []
            for try await piece in file.chunks(in: range, ofBytes: chunk) {
                #expect(!piece.isEmpty && piece.count <= chunk)
                got += piece
            }
            #expect(got == Array(content.prefix(Int(range.upperBound)).dropFirst(Int(range.lowerBound))))
        }
        #expect(try await file.read(at: 2_999_998, count: 100) == Array(content.suffix(2)))
        #expect(try await file.read(at: 3_000_000, count: 1) == [])
        #expect(try await file.read(at: -1, count: 1) == [])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `trying out leaves nothing behind`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        try await under.storage.tryOut()
        #expect(try await under.storage.list() == [])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `a storage belongs to the index that claims it first`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        #expect(try await StorageOwner.name(in: under.storage) == nil)
        let winners = await withTaskGroup(of: String?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    do {
                        try await StorageOwner.claim(under.storage, for: "index-\(number)")
                        return "index-\(number)"
                    } catch {
                        return nil
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(winners.count == 1)
        let owner = try #require(winners.first)
        #expect(try await StorageOwner.name(in: under.storage) == owner)
        try await StorageOwner.claim(under.storage, for: owner)
        await #expect(throws: StorageOwner.Taken(owner: owner)) { try await StorageOwner.claim(under.storage, for: "another") }
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `a digest that is kept is the content's`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        await #expect(throws: StorageError.notFound(path)) { _ = try await under.storage.keptDigest(of: path) }
        try await under.storage.put(content, at: path)
        let kept = try await under.storage.keptDigest(of: path)
        #expect(kept.size == Int64(content.count))
        let hash = SHA256.hash(data: content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(kept.sha256 == (kind == .s3 ? hash : nil))
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `files are listed by prefix, in byte order, in pages`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        let texts = ["B", "a-b", "a/b/c", "a/b/d", "a/b-", "a/bc", "a0", "ab/x", "ab/y"].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for text in texts.shuffled() { try await under.storage.put(Array(text.utf8), at: StoragePath(text)) }
        for prefix in ["", "a", "a/", "a/b", "a/b/", "a/b/c", "ab", "B", "z", "..", "/", "a/b/c/d"] {
            #expect(try await under.storage.list(prefix: prefix).map(\.text) == texts.filter { $0.hasPrefix(prefix) }, "prefix \(prefix)")
            for size in 1...4 {
                var paged: [StoragePath] = []
                while true {
                    let page = try await under.storage.list(prefix: prefix, after: paged.last, limit: size)
                    #expect(page.count <= size)
                    if page.isEmpty { break }
                    paged += page
                }
                #expect(paged.map(\.text) == texts.filter { $0.hasPrefix(prefix) })
            }
        }
        #expect(try await under.storage.list(prefix: "", after: "a/bb", limit: 2).map(\.text) == ["a/bc", "a0"])
    }

    @Test(arguments: StorageUnderTest.Kind.allCases)
    func `of sixteen writers of one path one wins, and all with its bytes succeed`(kind: StorageUnderTest.Kind) async throws {
        let under = try await StorageUnderTest(kind)
        for round in 0..<5 {
            let path = try StoragePath("r/\(round)/x/file")
            let stored = await withTaskGroup(of: UInt8?.self) { group in
                for task in 0..<16 {
                    let byte = UInt8(task % 4)
                    group.addTask {
                        do {
                            try await under.storage.put([UInt8](repeating: byte, count: 10_000), at: path)
                            return byte
                        } catch {
                            return error as? StorageError == .conflict(path) ? nil : 255
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = stored.compactMap { $0 }
            #expect(winners.count == 4 && Set(winners).count == 1, "\(stored)")
            #expect(try await under.storage.bytes(at: path, limit: 10_000) == [UInt8](repeating: winners[0], count: 10_000))
        }
    }
}
