// Servers and networks that fail.
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite struct S3FaultTests {
    private let path = "ab/cd/ef/demo.whl" as StoragePath

    private func storage(_ proxy: FaultProxy, partBytes: Int64 = S3Storage.standardPartBytes) async throws -> S3Storage {
        try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString, port: proxy.port, timing: .hasty, partBytes: partBytes)
    }

    private func proxy(_ behaviour: @escaping @Sendable (FaultProxy.Request) -> FaultProxy.Behaviour) async throws -> FaultProxy {
        try FaultProxy(before: try await S3Server.shared(.seaweedfs).port, behaviour)
    }

    /// Says yes so many times, then no.
    private final class Times: Sendable {
        private let left: Mutex<Int>
        init(_ count: Int) { left = Mutex(count) }
        func next() -> Bool {
            left.withLock { left in
                left -= 1
                return left >= 0
            }
        }
    }

    // MARK: Passing faults

    @Test(arguments: [(500, "InternalError"), (503, "SlowDown"), (429, "TooManyRequests"), (502, ""), (400, "RequestTimeout")])
    func `a storm of refusals passes`(status: Int, code: String) async throws {
        let faults = Times(3)
        let proxy = try await proxy { _ in faults.next() ? .answer(status: status, body: code.isEmpty ? "bad gateway" : errorDocument(code)) : .pass }
        let storage = try await storage(proxy)
        try await storage.put([1, 2, 3], at: path)
        #expect(proxy.requests.count == 4)
        #expect(try await storage.bytes(at: path, limit: 3) == [1, 2, 3])
    }

    @Test func `a storm that does not pass is given up, and told`() async throws {
        let proxy = try FaultProxy { _ in .answer(status: 503, body: errorDocument("SlowDown", "Please reduce your request rate.")) }
        let storage = try scripted(proxy)
        let path = path
        let text = await reason { try await storage.put([1], at: path) }
        #expect(text.contains("503 SlowDown (Please reduce your request rate.)"), "\(text)")
        #expect(proxy.requests.count == S3Timing.hasty.attempts)
    }

    @Test func `a connection that breaks in the middle of an upload is made again`() async throws {
        let faults = Times(2)
        let proxy = try await proxy { request in
            request.method == "PUT" && faults.next() ? .cutRequest(after: 700_000) : .pass
        }
        let storage = try await storage(proxy, partBytes: 5 << 20)
        try await withLocalFile(bytes(4_000_000)) { local, content in
            try await storage.put(fileAt: local, at: path)
            #expect(try await storage.bytes(at: path, limit: content.count) == content)
        }
        try await withLocalFile(bytes(12_000_000)) { local, content in
            let faults = Times(2)
            let proxy = try await self.proxy { request in
                request.target.contains("partNumber=") && faults.next() ? .cutRequest(after: 1_000_000) : .pass
            }
            let inParts = try await self.storage(proxy, partBytes: 5 << 20)
            try await inParts.put(fileAt: local, at: "parts")
            #expect(try await inParts.bytes(at: "parts", limit: content.count) == content)
        }
    }

    @Test func `an upload whose answer is lost counts as stored`() async throws {
        let faults = Times(1)
        let proxy = try await proxy { request in request.method == "PUT" && faults.next() ? .loseAnswer : .pass }
        let storage = try await storage(proxy)
        try await storage.put([7, 7], at: path)
        // The second PUT was refused, and the comparison settled it.
        #expect(proxy.requests.map(\.method) == ["PUT", "PUT", "HEAD"])
        #expect(try await storage.bytes(at: path, limit: 2) == [7, 7])
    }

    @Test func `an upload in parts whose last answer is lost counts as stored`() async throws {
        let faults = Times(1)
        let proxy = try await proxy { request in
            request.method == "POST" && request.target.contains("uploadId=") && faults.next() ? .loseAnswer : .pass
        }
        let storage = try await storage(proxy, partBytes: 5 << 20)
        try await withLocalFile(bytes(11_000_000)) { local, content in
            try await storage.put(fileAt: local, at: path)
            #expect(try await storage.bytes(at: path, limit: content.count) == content)
        }
    }

    @Test func `a download that breaks goes on where it broke`() async throws {
        let faults = Times(3)
        let proxy = try await proxy { request in request.method == "GET" && faults.next() ? .cutAnswer(after: 300_000) : .pass }
        let storage = try await storage(proxy)
        let content = bytes(2_000_000)
        try await S3Server.shared(.seaweedfs).storage(prefix: String(storage.client.location.prefix.dropLast())).put(content, at: path)
        var got: [UInt8] = []
        for try await piece in try await storage.open(path).chunks(ofBytes: 256 << 10) { got += piece }
        #expect(got == content)
        let ranges = proxy.requests.filter { $0.method == "GET" }.compactMap { $0.headers["range"] }
        #expect(ranges.count == 4 && Set(ranges).count == 4 && ranges[0] == "bytes=0-1999999", "\(ranges)")
    }

    @Test func `a reader slower than the server's patience gets the file all the same`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let proxy = try await proxy { _ in .pass }
        var timing = S3Timing.hasty
        timing.silence = .milliseconds(100)
        let (prefix, content) = (UUID().uuidString, bytes(20_000_000))
        try await server.storage(prefix: prefix).put(content, at: path)
        let file = try await server.storage(prefix: prefix, port: proxy.port, timing: timing).open(path)
        var got: [UInt8] = []
        for try await piece in file.chunks(ofBytes: 5_000_000) {
            got += piece
            // What is slow is the reader; nothing waits for this.
            try await Task.sleep(for: .milliseconds(300))
        }
        #expect(got == content)
        #expect(proxy.requests.allSatisfy { $0.headers["if-match"] != nil || $0.method == "HEAD" })
    }

    @Test func `a whole file is one request, however small the pieces`() async throws {
        let proxy = try await proxy { _ in .pass }
        let storage = try await storage(proxy)
        let content = bytes(1_000_000)
        try await storage.put(content, at: path)
        let before = proxy.requests.count
        let file = try await storage.open(path)
        var got: [UInt8] = []
        for try await piece in file.chunks(in: 10..<900_000, ofBytes: 1000) { got += piece }
        #expect(got == Array(content[10..<900_000]))
        #expect(proxy.requests.dropFirst(before).map(\.method) == ["HEAD", "GET"])
    }

    @Test func `a server that never answers is given up in time`() async throws {
        let proxy = try FaultProxy { _ in .silence }
        var timing = S3Timing.hasty
        (timing.overall, timing.silence) = (.seconds(3), .seconds(1))
        let storage = try scripted(proxy, timing: timing)
        let path = path
        let start = ContinuousClock.now
        let text = await reason { try await storage.size(of: path) }
        #expect(text.contains("no whole answer"), "\(text)")
        // Its deadline is three seconds.
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `whoever is cancelled does not wait`() async throws {
        let proxy = try FaultProxy { _ in .silence }
        var timing = S3Timing()
        timing.overall = .seconds(600)
        let storage = S3Storage(
            try S3Location("s3://bucket?endpoint=http://127.0.0.1:\(proxy.port)"),
            credentials: S3Credentials(accessKeyID: "a", secretAccessKey: "b"),
            timing: timing
        )
        let path = path
        let task = Task { await reason { try await storage.size(of: path) } }
        while proxy.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value.contains("cancelled"))
    }

    // MARK: Objects that change

    @Test func `a file that is deleted between opening and reading is not found`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        try await storage.put([1, 2, 3], at: path)
        let file = try await storage.open(path)
        try await storage.delete(path)
        await #expect(throws: StorageError.notFound(path)) { try await file.read(at: 0, count: 3) }
    }

    @Test func `a read never mixes two objects`() async throws {
        let storage = try await S3Server.shared(.seaweedfs).storage(prefix: UUID().uuidString)
        try await storage.put([1, 2, 3], at: path)
        let file = try await storage.open(path)
        try await storage.delete(path)
        try await storage.put([4, 5, 6], at: path)
        let text = await reason { try await file.read(at: 0, count: 3) }
        #expect(text.contains("replaced"), "\(text)")
    }

    // MARK: Faults that stay

    @Test func `a wrong region names the right one`() async throws {
        for (status, body, headers) in [
            (400, errorDocument("AuthorizationHeaderMalformed", "the region is wrong", "<Region>eu-central-1</Region>"), ""),
            (301, errorDocument("PermanentRedirect"), "x-amz-bucket-region: eu-central-1\r\n"),
        ] {
            let proxy = try FaultProxy { _ in .answer(status: status, headers: headers, body: body) }
            let storage = try scripted(proxy)
            let path = path
            for text in [await reason { try await storage.size(of: path) }, await reason { try await storage.put([1], at: path) }] {
                #expect(text.contains("region=eu-central-1") || text.contains("the region eu-central-1"), "\(text)")
            }
        }
    }

    @Test func `the difference of the clocks is known before it hurts`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let same = try await server.storage(prefix: "clock").clockDifference()
        #expect(same?.isTolerable == true)
        // So little that requests are still taken.
        let other = try await server.storage(prefix: "clock", now: { S3Storage.systemTime() + 60 * 1_000_000 }).clockDifference()
        #expect(other.map { (-63 ... -57).contains($0.seconds) } == true, "\(other as Any)")
    }

    @Test func `clocks that never agree are told, after one try`() async throws {
        let date = "Date: Fri, 24 May 2013 00:00:00 GMT\r\n"
        let proxy = try FaultProxy { _ in .answer(status: 403, headers: date, body: errorDocument("RequestTimeTooSkewed")) }
        let storage = try scripted(proxy) { (1_369_353_600 + 5000) * 1_000_000 }
        let path = path
        let text = await reason { try await storage.put([1], at: path) }
        #expect(text.contains("differ by 5000 seconds") && text.contains("set the clock"), "\(text)")
        #expect(proxy.requests.count == 2)
        #expect(proxy.requests.map { $0.headers["x-amz-date"] } == ["20130524T012320Z", "20130524T000000Z"])
    }

    @Test(arguments: [
        (507, "InsufficientStorage"), (403, "QuotaExceeded"), (400, "XMinioStorageFull"), (403, "storage_cap_exceeded"), (507, ""),
    ])
    func `a full bucket is full`(status: Int, code: String) async throws {
        let proxy = try FaultProxy { _ in .answer(status: status, body: code.isEmpty ? "" : errorDocument(code)) }
        let storage = try scripted(proxy)
        await #expect(throws: StorageError.full) { try await storage.put([1], at: path) }
        #expect(proxy.requests.count == 1)
    }

    @Test func `a proxy's page instead of S3 is told`() async throws {
        let proxy = try FaultProxy { _ in .answer(status: 200, body: "<html>Please log in</html>") }
        let storage = try scripted(proxy)
        let text = await reason { try await storage.list() }
        #expect(text.contains("no list of objects"), "\(text)")
    }

    @Test func `a list that is out of order or does not end is not believed`() async throws {
        func listing(_ keys: [String], _ more: String = "<IsTruncated>false</IsTruncated>") -> String {
            "<ListBucketResult>\(keys.map { "<Contents><Key>\($0)</Key></Contents>" }.joined())\(more)</ListBucketResult>"
        }
        for (body, expected) in [
            (listing(["b", "a"]), "byte order"), (listing(["a"], "<IsTruncated>true</IsTruncated>"), "how to go on"),
        ] {
            let proxy = try FaultProxy { _ in .answer(status: 200, body: body) }
            let storage = try scripted(proxy)
            let text = await reason { try await storage.list() }
            #expect(text.contains(expected), "\(text)")
        }
    }

    @Test func `an end of an upload that fails after 200 has not stored`() async throws {
        let proxy = try FaultProxy { request in
            switch (request.method, request.target) {
            case ("HEAD", _): .answer(status: 404)
            case ("GET", _): .answer(status: 404, body: errorDocument("NoSuchKey"))
            case ("POST", let target) where target.contains("uploads"):
                .answer(status: 200, body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            case ("PUT", _): .answer(status: 200, headers: "ETag: \"part\"\r\n")
            case ("DELETE", _): .answer(status: 204)
            default: .answer(status: 200, body: errorDocument("InternalError", "We encountered an internal error."))
            }
        }
        let storage = try scripted(proxy)
        try await withLocalFile(bytes(17 << 20)) { local, _ in
            let text = await reason { try await storage.put(fileAt: local, at: path) }
            #expect(text.contains("200 InternalError"), "\(text)")
        }
        #expect(proxy.requests.last?.method == "DELETE")
    }

    @Test func `a server that can not do what its preset expects is told`() async throws {
        let proxy = try FaultProxy { _ in .answer(status: 501, body: errorDocument("NotImplemented", "A header is not implemented.")) }
        let storage = try scripted(proxy)
        let path = path
        let text = await reason { try await storage.put([1], at: path) }
        #expect(text.contains("preset=aws"), "\(text)")
    }

    @Test func `a server that replaces what is stored is found out`() async throws {
        let proxy = try FaultProxy { request in
            request.method == "DELETE" ? .answer(status: 204) : .answer(status: 200, headers: "ETag: \"x\"\r\n")
        }
        let storage = try scripted(proxy)
        let text = await reason { try await storage.tryOut() }
        #expect(text.contains("can be replaced"), "\(text)")
    }

    @Test func `no reason tells a secret`() async throws {
        for body in [errorDocument("SignatureDoesNotMatch", "x\ny\u{7}"), "garbage", errorDocument("Other", String(repeating: "x", count: 5000))] {
            let proxy = try FaultProxy { _ in .answer(status: 403, body: body) }
            let storage = try scripted(proxy)
            let path = path
            let text = await reason { try await storage.put([1], at: path) }
            #expect(!text.contains("a-secret-nobody-may-see") && !text.contains("\n") && text.utf8.count < 500, "\(text)")
        }
    }
}
