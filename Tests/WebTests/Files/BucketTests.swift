// Downloads from a bucket, through the index or straight from there.

import Backends
import Foundation
import HTTPTypes
import Registry
import TestSupport
import Testing
import Web

/// Stores in memory, where tests look for what was stored, and in a bucket, from which it is served.
private struct BucketCopyStorage: FileStorage {
    let memory: MemoryStorage
    let bucket: S3Storage

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        try await memory.put(fileAt: localPath, at: path)
        try await bucket.put(fileAt: localPath, at: path)
    }

    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) {
        try await memory.put(bytes, at: path)
        try await bucket.put(bytes, at: path)
    }

    func size(of path: StoragePath) async throws(StorageError) -> Int64 { try await bucket.size(of: path) }
    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { try await bucket.open(path) }

    @discardableResult
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool {
        _ = try await memory.delete(path)
        return try await bucket.delete(path)
    }

    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try await bucket.list(prefix: prefix, after: after, limit: limit)
    }

    func downloadURL(for path: StoragePath, contentType: String, validFor lifetime: Duration) -> String? {
        bucket.downloadURL(for: path, contentType: contentType, validFor: lifetime)
    }
}

/// A bucket that goes away when a file has been opened.
private struct LeavingStorage: FileStorage {
    let bucket: S3Storage
    let wire: Relay

    func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) { try await bucket.put(fileAt: localPath, at: path) }
    func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) { try await bucket.put(bytes, at: path) }
    func size(of path: StoragePath) async throws(StorageError) -> Int64 { try await bucket.size(of: path) }

    func open(_ path: StoragePath) async throws(StorageError) -> StoredFile {
        defer { wire.cut() }
        return try await bucket.open(path)
    }

    @discardableResult
    func delete(_ path: StoragePath) async throws(StorageError) -> Bool { try await bucket.delete(path) }

    func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        try await bucket.list(prefix: prefix, after: after, limit: limit)
    }
}

struct BucketTests {
    private let path = "aa/bb/\(String(repeating: "c", count: 60))/demo-1.0-py3-none-any.whl"
    private let content = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7 ^ $0 >> 15) }

    /// A site with its files in a bucket, one of them there already.
    private func run(
        redirecting: Bool,
        settings: IndexSettings = IndexSettings(),
        _ body: (WebClient, TestIndex, S3Storage) async throws -> Void
    ) async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let bucket = S3Storage(
            try S3Location(server.location(prefix: UUID().uuidString)),
            credentials: S3Credentials(accessKeyID: S3Server.tenant.id, secretAccessKey: S3Server.tenant.secret)
        )
        try await bucket.put(content, at: StoragePath(path))
        try await TestIndex.run(settings: settings) { test in
            var web = WebSettings()
            web.redirectsDownloads = redirecting
            let index = test.index(storage: BucketCopyStorage(memory: test.storage, bucket: bucket))
            try await test.serve(web, index: index) { client in try await body(client, test, bucket) }
        }
    }

    @Test(arguments: [false, true]) func `what is published over HTTP is served from the bucket`(redirecting: Bool) async throws {
        try await run(redirecting: redirecting) { client, test, bucket in
            try await test.user()
            let upload = UploadBuilder.wheel("demo", "1.0")
            #expect(try await client.upload(upload, authorization: "Bearer \(test.token())").status == 200)
            let stored = try await bucket.list().map(\.text).filter { $0 != path }
            #expect(stored.count == 2)
            // Small ones are answered by the index, whatever the setting.
            let answer = try await client.get("/packages/\(try #require(stored.first { $0.hasSuffix(".whl") }))")
            #expect(answer.status == 200 && answer.body == upload.bytes)
        }
    }

    // RFC 9110 §13, §14
    @Test func `a file passes through with its parts and conditions`() async throws {
        try await run(redirecting: false) { client, _, _ in
            let whole = try await client.get("/packages/\(path)")
            #expect(whole.status == 200 && whole.body == content && whole["Location"] == nil)
            #expect(whole["Cache-Control"] == "max-age=365000000, immutable, public")
            let head = try await client.head("/packages/\(path)")
            #expect(head.status == 200 && head["Content-Length"] == "1500000" && head["ETag"] == whole["ETag"])
            let part = try await client.get("/packages/\(path)", ["Range": "bytes=700000-700009"])
            #expect(part.status == 206 && part.body == Array(content[700_000..<700_010]))
            #expect(try await client.get("/packages/\(path)", ["Range": "bytes=1500000-"]).status == 416)
            #expect(try await client.get("/packages/\(path)", ["If-None-Match": try #require(whole["ETag"])]).status == 304)
            #expect(try await client.get("/packages/\(path)x").status == 404)
        }
    }

    @Test func `a large file is had straight from the bucket`() async throws {
        try await run(redirecting: true) { client, _, _ in
            for headers in [[:], ["Range": "bytes=5-9"]] as [KeyValuePairs<String, String>] {
                let answer = try await client.get("/packages/\(path)", headers)
                #expect(answer.status == 302 && answer.body.isEmpty)
                #expect(answer["Cache-Control"] == "no-store")
                #expect(answer["ETag"] == nil && answer["Accept-Ranges"] == nil)
                let url = try #require(answer["Location"])
                var request = HTTPFetchRequest("GET", url, responseLimit: 1 << 22)
                request.headers = headers.map { ($0.key, $0.value) }
                let file = try await LiveFetcher().fetch(request)
                #expect(file.status == (headers.isEmpty ? 200 : 206))
                #expect(file.body == (headers.isEmpty ? content : Array(content[5..<10])))
                #expect(file["Content-Type"] == "application/octet-stream")
            }
        }
    }

    @Test func `what needs no bytes of a large file is answered by the index`() async throws {
        try await run(redirecting: true) { client, _, _ in
            let head = try await client.head("/packages/\(path)")
            #expect(head.status == 200 && head["Content-Length"] == "1500000")
            #expect(try await client.get("/packages/\(path)", ["If-None-Match": try #require(head["ETag"])]).status == 304)
            #expect(try await client.get("/packages/\(path)", ["Range": "bytes=1500000-"]).status == 416)
            #expect(try await client.get("/packages/\(path)x").status == 404)
        }
    }

    @Test func `a private index gives nobody a URL without a login`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await run(redirecting: true, settings: settings) { client, test, _ in
            try await test.user()
            let refused = try await client.get("/packages/\(path)")
            #expect(refused.status == 401 && refused["Location"] == nil)
            let answer = try await client.get("/packages/\(path)", ["Authorization": "Bearer \(try await test.token())"])
            #expect(answer.status == 302 && answer["Cache-Control"] == "no-store")
        }
    }

    @Test func `a file that can not be read when its turn comes is 503, not an answer that breaks off`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let wire = try Relay(to: server.port)
        let bucket = S3Storage(
            try S3Location(server.location(prefix: UUID().uuidString, port: wire.port)),
            credentials: S3Credentials(accessKeyID: S3Server.tenant.id, secretAccessKey: S3Server.tenant.secret)
        )
        try await bucket.put(content, at: StoragePath(path))
        try await TestIndex.run { test in
            try await test.serve(index: test.index(storage: LeavingStorage(bucket: bucket, wire: wire))) { client in
                let answer = try await client.get("/packages/\(path)")
                #expect(answer.status == 503 && answer["Retry-After"] != nil)
                try wire.restore()
                #expect(try await client.get("/packages/\(path)", ["Range": "bytes=5-9"]).status == 503)
            }
        }
    }
}
