// Uploads that are broken, hostile or slow: one clear answer, a server that goes on, and nothing half-written (index §2.1, §2.2, §2.3 step 1).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

@Suite(.timeLimit(.minutes(2))) struct BadUploadTests {
    private static let type = "multipart/form-data; boundary=a-boundary-of-tests"

    private static func head(_ site: Site, length: String, type: String = type) -> [UInt8] {
        Array(
            "POST /legacy/ HTTP/1.1\r\nHost: x\r\nAuthorization: \(site.bearer)\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n\r\n".utf8
        )
    }

    private static func post(_ site: Site, _ body: [UInt8], type: String = type) async throws -> RawResponse {
        try await site.client.exchange(head(site, length: "\(body.count)", type: type) + body)[0]
    }

    private static func part(_ name: String, _ value: [UInt8]) -> [UInt8] {
        Array("--a-boundary-of-tests\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8) + value + Array("\r\n".utf8)
    }

    /// A good body with these parts before it.
    private static func body(_ parts: [UInt8]...) -> [UInt8] {
        parts.flatMap { $0 } + UploadBuilder.wheel("demo", "1.0").multipart()
    }

    // index §2.1
    @Test func `a body that stops before its closing boundary is refused`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            for length in [0, 1, 20, body.count / 4, body.count / 2, body.count - 30, body.count - 4] {
                let answer = try await Self.post(site, Array(body.prefix(length)))
                #expect(answer.status == 400, "\(length): \(answer.statusLine)")
                #expect(answer.reason.contains("form can not be read"), "\(answer.reason)")
            }
            try await site.checkUntouched()
        }
    }

    // index §2.1
    @Test func `a Content-Length that is too short or too long publishes nothing`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            // The rest is taken for a next request, which it is not.
            let short = try await site.client.withConnection { connection in
                connection.send(Self.head(site, length: "\(body.count - 50)") + body)
                return try connection.receive()
            }
            #expect(short.status == 400)
            try await site.checkUntouched()
            // The client says it has sent everything.
            let long = try await site.client.withConnection { connection -> RawResponse? in
                connection.send(Self.head(site, length: "\(body.count + 50)") + body)
                connection.finishSending()
                return try? connection.receive()
            }
            #expect(long?.status == nil || long?.status == 400, "\(long?.statusLine ?? "")")
            try await site.checkUntouched()
            for length in ["-1", "x", "99999999999999999999", "1, 2", "0x10"] {
                let answer = try await site.client.withConnection { connection in
                    connection.send(Self.head(site, length: length) + body)
                    return try connection.receive()
                }
                #expect([400, 413].contains(answer.status), "\(length): \(answer.statusLine)")
            }
            try await site.checkUntouched()
        }
    }

    // index §2.10
    @Test func `a body that says it is enormous is refused before it comes`() async throws {
        try await Site.run { site in
            let answer = try await site.client.withConnection { connection in
                connection.send(Self.head(site, length: "5000000000"))
                return try connection.receive()
            }
            #expect(answer.status == 413)
            #expect(answer.reason.contains("larger than any file"))
            try await site.checkUntouched()
        }
    }

    // index §2.3 step 22: counted to the end, kept only up to the limit.
    @Test func `a file beyond the limit is counted, not kept`() async throws {
        var settings = IndexSettings()
        settings.fileSizeLimit = 1 << 20
        try await Site.run(settings) { site in
            let upload = UploadBuilder.wheel("demo", "1.0").with(bytes: [UInt8](repeating: 7, count: 5 << 20))
            let answer = try await site.client.upload(upload, authorization: site.bearer)
            #expect(answer.status == 400)
            #expect(answer.reason.contains("File too large. Limit for project 'demo' is 1 MB"))
            try await site.checkUntouched()
        }
    }

    // Without credentials nothing is kept at all, and the refusal is that of step 6.
    @Test func `a stranger's file never touches the disk`() async throws {
        try await Site.run { site in
            let upload = UploadBuilder.wheel("demo", "1.0").with(bytes: [UInt8](repeating: 7, count: 3 << 20))
            let answer = try await site.client.upload(upload, authorization: "Bearer nonsense")
            #expect(answer.status == 403)
            try await site.checkUntouched()
        }
    }

    // index §2.1
    @Test func `an upload that stalls is ended, and its connection closed`() async throws {
        var web = WebSettings()
        web.uploadGrace = .milliseconds(400)
        web.slowestUpload = 1000
        try await Site.run(web: web) { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            // Silent from the start, silent in the middle of the file, and a byte now and then.
            for sent in [0, body.count / 2] {
                let (answer, isClosed) = try await site.client.withConnection { connection in
                    connection.send(Self.head(site, length: "\(body.count)") + body.prefix(sent))
                    return (try connection.receive(), connection.isClosedByServer())
                }
                #expect(answer.status == 408)
                #expect(answer.reason.contains("too slowly"))
                #expect(isClosed)
            }
            let trickled = try await site.client.withConnection { connection in
                connection.send(Self.head(site, length: "\(body.count)"))
                for byte in body.prefix(12) {
                    connection.send([byte])
                    usleep(100_000)
                }
                return try connection.receive()
            }
            #expect(trickled.status == 408)
            try await site.checkUntouched()
        }
    }

    // index §2.1
    @Test func `a connection that drops in the middle leaves nothing`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").with(bytes: [UInt8](repeating: 1, count: 1 << 20)).multipart()
            for sent in [0, 100, body.count / 2, body.count - 1] {
                try await site.client.withConnection { connection in
                    connection.send(Self.head(site, length: "\(body.count)") + body.prefix(sent))
                    connection.reset()
                }
                try await site.client.withConnection { connection in
                    connection.send(Self.head(site, length: "\(body.count)") + body.prefix(sent))
                    connection.close()
                }
            }
            try await site.checkUntouched()
        }
    }

    // index §2.2
    @Test func `ten thousand fields are too many`() async throws {
        try await Site.run { site in
            let fields = (0..<10_000).flatMap { Self.part("classifiers", Array("Topic \($0)".utf8)) }
            let answer = try await Self.post(site, Self.body(fields))
            #expect(answer.status == 413, "\(answer.statusLine)")
            try await site.checkUntouched()
        }
    }

    // index §2.2
    @Test func `a field of 17 MB is too long, and so are many that are long together`() async throws {
        try await Site.run { site in
            let huge = try await Self.post(site, Self.body(Self.part("description", [UInt8](repeating: 65, count: 17 << 20))))
            #expect(huge.status == 413)
            #expect(huge.reason.contains("'description' is too long"))
            let many = (0..<3).flatMap { _ in Self.part("keywords", [UInt8](repeating: 65, count: 11 << 20)) }
            #expect(try await Self.post(site, Self.body(many)).status == 413)
            try await site.checkUntouched()
        }
    }

    // index §0.2 step 5: the upload form is the one that may repeat names; the first value counts.
    @Test func `a single-value field that is sent twice is refused or its first value counts`() async throws {
        try await Site.run { site in
            for (field, value) in [
                ("name", "other"), ("version", "9.0"), ("filetype", "sdist"), ("sha256_digest", String(repeating: "0", count: 64)),
            ] {
                let answer = try await site.client.upload(.wheel("demo", "1.0").adding(field, value), authorization: site.bearer)
                #expect([200, 400].contains(answer.status), "\(field): \(answer.statusLine)")
            }
            #expect(try await site.client.get("/simple/other/").status == 404)
            #expect(try await site.fileCount() <= 1)
        }
    }

    // index §2.2
    @Test func `two files, or a file where text belongs, are refused`() async throws {
        try await Site.run { site in
            let file = Array(
                "--a-boundary-of-tests\r\nContent-Disposition: form-data; name=\"content\"; filename=\"x.whl\"\r\nContent-Type: a/b\r\n\r\nx\r\n".utf8
            )
            let two = try await Self.post(site, Self.body(file))
            #expect(two.status == 400 && two.reason.contains("more than one file"))
            for field in ["name", "description", "attestations"] {
                let misplaced = Array("--a-boundary-of-tests\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"x\"\r\n\r\nx\r\n".utf8)
                let answer = try await Self.post(site, Self.body(misplaced))
                #expect(answer.status == 400)
                #expect(answer.reason.contains("The field '\(field)' should not be a file"))
            }
            try await site.checkUntouched()
            let signature = Array(
                "--a-boundary-of-tests\r\nContent-Disposition: form-data; name=\"gpg_signature\"; filename=\"x.asc\"\r\n\r\nx\r\n".utf8
            )
            #expect(try await Self.post(site, Self.body(signature)).status == 200)
        }
    }

    // index §2.2, §0.2 step 1
    @Test func `NULs become visible, and bytes that are not UTF-8 are refused`() async throws {
        try await Site.run { site in
            let bad = try await Self.post(site, Self.body(Self.part("summary", [0x61, 0xFF, 0xFE])))
            #expect(bad.status == 400)
            #expect(bad.reason.contains("'summary' is not UTF-8"))
            let name = try await site.client.upload(.wheel("demo", "1.0").with("name", "de\0mo"), authorization: site.bearer)
            #expect(name.status == 400)
            #expect(name.reason.contains("de\\x00mo"))
            try await site.checkUntouched()
            #expect(try await site.client.upload(.wheel("demo", "1.0").with("summary", "a\0b"), authorization: site.bearer).status == 200)
            let rows = try await site.test.db.query("SELECT summary FROM releases")
            #expect(try rows[0]["summary", as: String.self] == "a\\x00b")
        }
    }

    // index §2.1
    @Test func `what is no form, or one without a usable boundary, is refused`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            for type in [
                "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\(String(repeating: "b", count: 71))",
                "multipart/form-data; boundary=other", "multipart/form-data; boundary=\"a-boundary-of-tests",
                "multipart/mixed; boundary=a-boundary-of-tests",
                "application/x-www-form-urlencoded", "application/json", "text/plain", "", "multipart/form-dataX; boundary=a-boundary-of-tests",
            ] {
                let answer = try await Self.post(site, body, type: type)
                #expect(answer.status == 400, "\(type): \(answer.statusLine)")
                #expect(answer.reason.contains("form"), "\(answer.reason)")
            }
            try await site.checkUntouched()
        }
    }

    // index §0.2 step 1
    @Test func `an upload whose query is not UTF-8 is refused`() async throws {
        try await Site.run { site in
            let answer = try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, target: "/legacy/?x=%ff")
            #expect(answer.status == 400)
            #expect(answer.text.contains("query string"))
            try await site.checkUntouched()
        }
    }

    // index §2.12
    @Test func `sixteen uploads of the same file at once all succeed and make one file`() async throws {
        try await Site.run { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            let answers = try await withThrowingTaskGroup(of: RawResponse.self) { group in
                for _ in 0..<16 { group.addTask { try await site.client.upload(upload, authorization: site.bearer) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status) == [Int](repeating: 200, count: 16))
            #expect(try await site.fileCount() == 1)
            #expect(try await site.client.get("/simple/")["X-PyPI-Last-Serial"] == "4")
            #expect(try await site.test.storage.list().count == 2)
        }
    }

    // RFC 9110 §10.1.1
    @Test func `a client that waits for 100 Continue is told to go on`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            let (interim, answer) = try await site.client.withConnection { connection in
                connection.send(
                    "POST /legacy/ HTTP/1.1\r\nHost: x\r\nAuthorization: \(site.bearer)\r\nContent-Type: \(Self.type)\r\nContent-Length: \(body.count)\r\nExpect: 100-continue\r\n\r\n"
                )
                let interim = try connection.receive()
                connection.send(body)
                return (interim, try connection.receive())
            }
            #expect(interim.statusLine == "HTTP/1.1 100 Continue")
            #expect(answer.status == 200)
        }
    }

    // RFC 9112 §7.1
    @Test func `a chunked upload is taken, a broken one is not`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            let head = Array(
                "POST /legacy/ HTTP/1.1\r\nHost: x\r\nAuthorization: \(site.bearer)\r\nContent-Type: \(Self.type)\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .utf8
            )
            func chunk(_ bytes: some Collection<UInt8>) -> [UInt8] { Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10] }
            let broken = try await site.client.exchange(head + chunk(body.prefix(100)) + Array("zz\r\n".utf8))[0]
            #expect(broken.status == 400)
            try await site.checkUntouched()
            let whole = try await site.client.exchange(head + chunk(body.prefix(7)) + chunk(body.dropFirst(7)) + Array("0\r\n\r\n".utf8))[0]
            #expect(whole.status == 200)
        }
    }
}
