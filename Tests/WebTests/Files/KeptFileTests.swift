// Small files that are kept ready to be sent.

import Backends
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct KeptFileTests {
    /// A header that the handler before the decoder leaves to the framework, and that changes nothing.
    private static let ordinary = ("Content-Length", "0")

    /// The head of an answer without what each has of its own.
    private func head(_ answer: RawResponse) -> [String] {
        [answer.statusLine] + answer.headers.filter { !["date", "x-request-id"].contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
    }

    /// Takes the bytes away below the index, so that only what is kept can answer.
    private func forget(_ site: Site, while body: () async throws -> Void) async throws {
        var stored: [(StoragePath, [UInt8])] = []
        for path in try await site.test.storage.list() {
            stored.append((path, try await site.test.storage.bytes(at: path, limit: 1 << 20)))
            try await site.test.storage.delete(path)
        }
        try await body()
        for (path, bytes) in stored { try await site.test.storage.put(bytes, at: path) }
    }

    @Test func `both ways answer with the same head and body, whoever came first`() async throws {
        try await Site.run { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let wheel = try await site.link("demo")
            for path in [wheel, "\(wheel).metadata"] {
                let first = try await site.client.get(path, ["Accept-Encoding": "gzip, zstd"])
                let tag = try #require(first["ETag"])
                #expect(first["Content-Encoding"] == nil && first["Vary"] == nil)
                try await forget(site) {
                    let conditions: [(Int, [(String, String)])] = [
                        (200, []), (200, [("Accept-Encoding", "gzip")]), (200, [("Accept-Encoding", "zstd"), ("Accept", "text/html")]),
                        (200, [("If-None-Match", "\"other\"")]), (304, [("If-None-Match", tag)]), (304, [("If-None-Match", "W/\(tag)")]),
                        (304, [("If-None-Match", "*")]), (304, [("If-Modified-Since", "Sat, 03 Jan 2026 00:00:00 GMT")]),
                    ]
                    for (status, headers) in conditions {
                        for method in ["GET", "HEAD"] {
                            func request(_ headers: [(String, String)]) -> [UInt8] {
                                let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
                                return Array("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n".utf8)
                            }
                            let quick = try await site.client.exchange(request(headers), isHead: method == "HEAD")[0]
                            let slow = try await site.client.exchange(request(headers + [Self.ordinary]), isHead: method == "HEAD")[0]
                            #expect(quick.status == status, "\(method) \(headers)")
                            #expect(head(quick) == head(slow), "\(method) \(headers)")
                            #expect(quick.body == slow.body)
                            #expect(quick.body == (status == 200 && method == "GET" ? first.body : []))
                            if status == 200 { #expect(head(quick) == head(first)) }
                        }
                    }
                    // In two segments, as any client may send.
                    let parts = try await site.client.withConnection { connection in
                        connection.send("GET \(path) HTTP/1.1\r\nHost: x")
                        connection.send("\r\n\r\n")
                        return try connection.receive()
                    }
                    #expect(head(parts) == head(first) && parts.body == first.body)
                }
            }
        }
    }

    @Test func `parts of a kept file are read from the file`() async throws {
        try await Site.run { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let link = try await site.link("demo")
            let tag = try #require(try await site.client.get(link)["ETag"])
            for headers: KeyValuePairs<String, String> in [["Range": "bytes=3-9"], ["Range": "bytes=3-9", "If-Range": tag]] {
                let part = try await site.client.get(link, headers)
                #expect(part.status == 206)
                #expect(part.body == Array(upload.bytes[3..<10]))
            }
            #expect(try await site.client.get(link, ["Range": "bytes=3-9", "If-Range": "\"other\""]).body == upload.bytes)
            #expect(try await site.client.get(link, ["Range": "bytes=99999999-"]).status == 416)
            #expect(try await site.client.get(link).body == upload.bytes)
        }
    }

    @Test func `a HEAD keeps the file for the GET that follows`() async throws {
        try await Site.run { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let link = try await site.link("demo")
            #expect(try await site.client.head(link).status == 200)
            try await forget(site) {
                let answer = try await site.client.get(link)
                #expect(answer.body == upload.bytes)
            }
        }
    }

    @Test func `that a file does not exist is not kept`() async throws {
        try await Site.run { site in
            let path = "aa/bb/\(String(repeating: "c", count: 60))/demo-1.0.tar.gz"
            let storagePath = try StoragePath(path)
            for _ in 0..<2 { #expect(try await site.client.get("/packages/\(path)").status == 404) }
            try await site.test.storage.put([1, 2, 3], at: storagePath)
            #expect(try await site.client.get("/packages/\(path)").body == [1, 2, 3])
            try await site.test.storage.delete(storagePath)
        }
    }

    @Test func `only small files are kept`() async throws {
        try await Site.run { site in
            for (size, isKept) in [(64 << 10, true), ((64 << 10) + 1, false)] {
                let path = "aa/bb/\(String(repeating: "c", count: 60))/demo-\(size).tar.gz"
                let storagePath = try StoragePath(path)
                try await site.test.storage.put([UInt8](repeating: 7, count: size), at: storagePath)
                for _ in 0..<2 { #expect(try await site.client.get("/packages/\(path)").body.count == size) }
                try await site.test.storage.delete(storagePath)
                #expect(try await site.client.get("/packages/\(path)").status == (isKept ? 200 : 404))
            }
        }
    }

    @Test func `what one reader of a private index has fetched is not for those without a token`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await Site.run(settings) { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let path = try #require(try await site.test.storage.list().first { $0.text.hasSuffix(".whl") }?.text)
            for _ in 0..<2 {
                let answer = try await site.client.get("/packages/\(path)", ["Authorization": site.bearer])
                #expect(answer.body == upload.bytes)
                #expect(answer["Cache-Control"]?.contains("private") == true)
                for headers: KeyValuePairs<String, String> in [[:], ["Authorization": "Bearer x"]] {
                    let refusal = try await site.client.get("/packages/\(path)", headers)
                    #expect(refusal.status == 401 && refusal.body != upload.bytes)
                }
            }
        }
    }
}
