// What only a storage in a bucket can get wrong, on real servers.
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite struct S3StorageTests {
    private let path = "ab/cd/ef/demo-1.0-py3-none-any.whl" as StoragePath

    private func get(_ url: String) async throws -> HTTPFetchResponse {
        try await LiveFetcher().fetch(HTTPFetchRequest("GET", url, responseLimit: 1 << 24))
    }

    // MARK: Parts

    @Test func `a large file goes up in parts and comes back whole`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let proxy = try FaultProxy(before: server.port) { _ in .pass }
        let storage = try server.storage(prefix: UUID().uuidString, port: proxy.port, partBytes: 5 << 20)
        try await withLocalFile(bytes((5 << 20) * 3 + 17)) { local, content in
            try await storage.put(fileAt: local, at: path)
            #expect(proxy.requests.filter { $0.target.contains("partNumber=") }.count == 4)
            #expect(try await storage.size(of: path) == Int64(content.count))
            #expect(try await storage.bytes(at: path, limit: content.count) == content)
            // The second time it is there already.
            let before = proxy.requests.count
            try await storage.put(fileAt: local, at: path)
            #expect(proxy.requests.dropFirst(before).allSatisfy { $0.method == "HEAD" })
        }
        try await withLocalFile(bytes((5 << 20) * 3 + 16) + [1]) { other, _ in
            await #expect(throws: StorageError.conflict(path)) { try await storage.put(fileAt: other, at: path) }
        }
    }

    @Test func `all who send the same large file at once succeed`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let storage = try server.storage(prefix: UUID().uuidString, partBytes: 5 << 20)
        let folder = try TemporaryFolderOfTest()
        let (local, content, path) = (folder.path + "/file", bytes((5 << 20) + 1), path)
        try Data(content).write(to: URL(fileURLWithPath: local))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await storage.put(fileAt: local, at: path) } }
            try await group.waitForAll()
        }
        #expect(try await storage.bytes(at: path, limit: content.count) == content)
    }

    @Test func `parts replace nothing that came there while they were sent`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let prefix = UUID().uuidString
        let others = try server.storage(prefix: prefix)
        let isStored = Mutex(false)
        let proxy = try FaultProxy(before: server.port) { request in
            // Held back until somebody else was faster.
            while request.target.contains("partNumber="), !isStored.withLock({ $0 }) { usleep(1000) }
            return .pass
        }
        let storage = try server.storage(prefix: prefix, port: proxy.port, partBytes: 5 << 20)
        let path = path
        try await withLocalFile(bytes(6 << 20)) { local, _ in
            async let outcome = reason { try await storage.put(fileAt: local, at: path) }
            while !proxy.requests.contains(where: { $0.target.contains("partNumber=") }) { try await Task.sleep(for: .milliseconds(5)) }
            try await others.put([9], at: path)
            isStored.withLock { $0 = true }
            #expect(await outcome == "\(StorageError.conflict(path))")
        }
        #expect(try await others.bytes(at: path, limit: 1) == [9])
    }

    @Test func `an upload that fails on the way leaves nothing, not even its parts`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let proxy = try FaultProxy(before: server.port) { request in
            request.target.contains("partNumber=2") ? .answer(status: 403, body: errorDocument("AccessDenied")) : .pass
        }
        let storage = try server.storage(prefix: UUID().uuidString, port: proxy.port, timing: .hasty, partBytes: 5 << 20)
        try await withLocalFile(bytes(11 << 20)) { local, _ in
            let text = await reason { try await storage.put(fileAt: local, at: path) }
            #expect(text.contains("may not do this"), "\(text)")
        }
        let aborted = proxy.requests.filter { $0.method == "DELETE" && $0.target.contains("uploadId=") }
        #expect(aborted.count == 1)
        #expect(try await storage.list() == [])
        let uploads = try await storage.client.send(S3Request(method: "GET", query: [(name: "uploads", value: "")]))
        #expect(!String(decoding: uploads.body, as: UTF8.self).contains(storage.client.location.prefix))
    }

    // MARK: What is kept

    @Test func `an object without our digest is compared by its bytes`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        let key = storage.client.location.prefix + path.text
        _ = try await storage.client.send(S3Request(method: "PUT", key: key, payload: .of(Array("content".utf8))))
        try await storage.put(Array("content".utf8), at: path)
        await #expect(throws: StorageError.conflict(path)) { try await storage.put(Array("contenT".utf8), at: path) }
    }

    @Test func `objects of others in the bucket are left out of lists`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        let prefix = storage.client.location.prefix
        for name in [".hidden", "ok", "späne", "a<b>&\"c"] {
            _ = try await storage.client.send(S3Request(method: "PUT", key: prefix + name, payload: .of([1])))
        }
        #expect(try await storage.list().map(\.text) == ["a<b>&\"c", "ok"])
    }

    @Test func `without a prefix paths are keys`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: "")
        let folder = UUID().uuidString.lowercased()
        let path = try StoragePath("\(folder)/x")
        try await storage.put([1], at: path)
        #expect(try await storage.list(prefix: folder) == [path])
        #expect(try await storage.delete(path))
    }

    @Test func `the sizes and times of objects are told`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        let before = S3Storage.systemTime()
        try await storage.put([1, 2, 3], at: path)
        let file = try await storage.open(path)
        #expect(file.size == 3 && file.descriptor == nil)
        #expect(abs(file.storedAt - before) < 60_000_000)
    }

    // MARK: URLs

    @Test func `a presigned URL gives the file to anyone, and no other`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        let content = bytes(100_000)
        try await storage.put(content, at: path)
        let url = try #require(storage.downloadURL(for: path, contentType: "application/x-wheel+zip", validFor: .seconds(60)))
        let answer = try await get(url)
        #expect(answer.status == 200 && answer.body == content)
        #expect(answer["Content-Type"] == "application/x-wheel+zip")
        #expect(answer["Content-Disposition"] == "attachment; filename=\"demo-1.0-py3-none-any.whl\"")
        #expect(try await get(url.replacing("demo-1.0", with: "demo-1.1")).status == 403)
        #expect(try await get(url.replacing("Expires=60", with: "Expires=61")).status == 403)
        #expect(!url.contains(S3Server.owner.secret))
    }

    @Test func `a presigned URL ends`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let prefix = UUID().uuidString
        try await server.storage(prefix: prefix).put([1], at: path)
        let earlier = try server.storage(prefix: prefix) { S3Storage.systemTime() - 100 * 1_000_000 }
        #expect(try await get(earlier.downloadURL(for: path, contentType: "a/b", validFor: .seconds(90))!).status == 403)
        #expect(try await get(earlier.downloadURL(for: path, contentType: "a/b", validFor: .seconds(200))!).status == 200)
    }

    // MARK: Refusals of a real server

    @Test func `a wrong secret, an unknown key, a missing bucket and a forbidden one are told apart`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let path = path
        func reasons(_ storage: S3Storage) async -> [String] {
            [
                await reason { try await storage.size(of: path) }, await reason { try await storage.open(path) },
                await reason { try await storage.put([1], at: path) }, await reason { try await storage.list() },
                await reason { try await storage.delete(path) },
            ]
        }
        let wrong = S3Server.Key(id: S3Server.owner.id, secret: "not-the-owners-secret")
        for text in await reasons(try server.storage(prefix: "x", key: wrong)) {
            #expect(text.contains("AWS_SECRET_ACCESS_KEY") && !text.contains("not-the-owners-secret"), "\(text)")
        }
        for text in await reasons(try server.storage(prefix: "x", key: S3Server.Key(id: "NOBODYATALL", secret: "x"))) {
            #expect(text.contains("AWS_ACCESS_KEY_ID"), "\(text)")
        }
        for text in await reasons(try server.storage(prefix: "x", bucket: "missing-bucket", key: S3Server.tenant)) {
            // A put would make the bucket, which this key may not.
            #expect(text.contains("there is no bucket missing-bucket") || text.hasPrefix("store ") && text.contains("AccessDenied"), "\(text)")
        }
        let readOnly = try server.storage(prefix: UUID().uuidString, key: S3Server.reader)
        let text = await reason { try await readOnly.put([1], at: path) }
        #expect(text.contains("may not do this"), "\(text)")
        #expect(try await readOnly.list() == [])
    }

    @Test func `nobody listens there`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let path = path
        let storage = try server.storage(prefix: "x", port: SparePort.find(), timing: .hasty)
        let text = await reason { try await storage.size(of: path) }
        #expect(text.contains("no connection"), "\(text)")
    }

    @Test(arguments: [-7200, 7200] as [Int64])
    func `a wrong clock is corrected by the server's`(seconds: Int64) async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let proxy = try FaultProxy(before: server.port) { _ in .pass }
        let storage = try server.storage(prefix: UUID().uuidString, port: proxy.port) { S3Storage.systemTime() + seconds * 1_000_000 }
        try await storage.put([1, 2], at: path)
        #expect(proxy.requests.count == 2)
        #expect(try await storage.bytes(at: path, limit: 2) == [1, 2])
        // From then on it is known, also in URLs.
        #expect(proxy.requests.count == 4)
        #expect(try await get(storage.downloadURL(for: path, contentType: "a/b", validFor: .seconds(60))!).status == 200)
    }

    @Test func `a wrong clock is corrected when the first question has no body in its answer`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString) { S3Storage.systemTime() - 7200 * 1_000_000 }
        let path = path
        await #expect(throws: StorageError.notFound(path)) { try await storage.open(path) }
        try await storage.put([], at: path)
        #expect(try await storage.size(of: path) == 0)
    }

    // MARK: A server without conditions

    @Test func `rclone keeps files too`() async throws {
        let storage = try await S3Server.shared(.rclone).storage(prefix: UUID().uuidString)
        let content = bytes(3_000_000)
        try await storage.put(content, at: path)
        try await storage.put(content, at: path)
        for other in [[], content.dropLast() + [content.last! ^ 1]] {
            await #expect(throws: StorageError.conflict(path)) { try await storage.put(other, at: path) }
        }
        #expect(try await storage.bytes(at: path, limit: content.count) == content)
        #expect(try await storage.open(path).read(at: 1000, count: 10) == Array(content[1000..<1010]))
        try await storage.put([1], at: "ab/cd/ef/other")
        try await storage.put([1], at: "ab/x")
        #expect(try await storage.list().map(\.text) == ["ab/cd/ef/demo-1.0-py3-none-any.whl", "ab/cd/ef/other", "ab/x"])
        #expect(try await storage.list(prefix: "ab/", after: path, limit: 1).map(\.text) == ["ab/cd/ef/other"])
        #expect(try await storage.delete(path))
        #expect(try await !storage.delete(path))
        await #expect(throws: StorageError.notFound(path)) { try await storage.open(path) }
        try await storage.tryOut()
        try await withLocalFile(bytes((5 << 20) * 2 + 1)) { local, content in
            let inParts = try await S3Server.shared(.rclone).storage(prefix: UUID().uuidString, partBytes: 5 << 20)
            try await inParts.put(fileAt: local, at: path)
            #expect(try await inParts.bytes(at: path, limit: content.count) == content)
        }
    }
}

/// A folder that goes with this object.
final class TemporaryFolderOfTest: Sendable {
    let path = NSTemporaryDirectory() + "s3-test-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

func withLocalFile(_ content: [UInt8], _ body: (String, [UInt8]) async throws -> Void) async throws {
    let folder = try TemporaryFolderOfTest()
    try Data(content).write(to: URL(fileURLWithPath: folder.path + "/file"))
    try await body(folder.path + "/file", content)
}
