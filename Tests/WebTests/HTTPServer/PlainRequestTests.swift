import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Web

/// Which bytes are answered before the decoder sees them.
struct PlainRequestTests {
    private func read(_ text: String) -> PlainRequest.Reading {
        Array(text.utf8).withUnsafeBytes { PlainRequest.read($0) }
    }

    private func value(_ text: String, _ field: KeyPath<PlainRequest, Range<Int>?>) -> String? {
        guard case .plain(let request) = read(text), let range = request[keyPath: field] else { return nil }
        return String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    @Test func `what pip, uv and browsers send for a page is plain`() {
        let text =
            "GET /simple/demo/ HTTP/1.1\r\nHost: index.example:8080\r\nUser-Agent: pip/26.3 {\"ci\":null,\"cpu\":\"x86_64\"}\r\nACCEPT-encoding: \tgzip, deflate \r\n"
            + "Accept: application/vnd.pypi.simple.v1+json, text/html;q=0.01\r\nConnection: Keep-Alive\r\nIf-None-Match: \"abc\"\r\nX-Request-ID: r-1\r\n\r\n"
        guard case .plain(let request) = read(text) else {
            Issue.record("not plain")
            return
        }
        #expect(String(decoding: Array(text.utf8)[request.target], as: UTF8.self) == "/simple/demo/")
        #expect(!request.isHead)
        #expect(!request.closes)
        #expect(value(text, \.accept) == "application/vnd.pypi.simple.v1+json, text/html;q=0.01")
        #expect(value(text, \.acceptEncoding) == "gzip, deflate")
        #expect(value(text, \.ifNoneMatch) == "\"abc\"")
        #expect(value(text, \.requestID) == "r-1")
        guard case .plain(let last) = read("HEAD /simple/ HTTP/1.1\r\nHost:x\r\nconnection: close\r\n\r\n") else {
            Issue.record("not plain")
            return
        }
        #expect(last.isHead)
        #expect(last.closes)
    }

    @Test(arguments: [
        "GET /simple/?x HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%73imple/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: now\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nIf-Range: \"x\"\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nIf-Match: *\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nIf-Unmodified-Since: now\r\n\r\n",
    ])
    func `a whole request that wants more than a page goes the ordinary way`(text: String) {
        #expect(read(text) == .whole)
    }

    @Test(arguments: [
        "", "GET ", "GET /simple/ HTTP/1.1\r\nHost: x\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\n\r", "GET /simple/ HTTP/1.1\r\nHost: x\r\n\r\nG",
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /simple/ HTTP/1.0\r\nHost: x\r\n\r\n",
        "get /simple/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x/simple/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET  /simple/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET /simple/  HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /simple/ HTTP/1.1\nHost: x\n\n", "GET /simple/ HTTP/1.1\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "POST /legacy/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, upgrade\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nTE: trailers\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\nA: é\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n", "GET /simple/ HTTP/1.1\r\nHost: x\r\n: d\r\n\r\n",
        "GET /simple/ HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",
        "GET /simple/é HTTP/1.1\r\nHost: x\r\n\r\n", "GET /simple/\u{0} HTTP/1.1\r\nHost: x\r\n\r\n",
    ])
    func `whatever is cut off, doubled, framed or malformed is left to the framework's parser`(text: String) {
        #expect(read(text) == .other)
    }

    @Test func `nobody's cookies make a head so long that it is read here`() {
        #expect(read("GET /simple/ HTTP/1.1\r\nHost: x\r\nCookie: \(String(repeating: "a", count: 9000))\r\n\r\n") == .other)
    }

    @Test func `what is plain here is the same request to the framework's decoder, byte by byte changed a hundred thousand times`() throws {
        let seeds = [
            "GET /simple/demo/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"a\"\r\n\r\n",
            "HEAD /packages/aa/bb/cc HTTP/1.1\r\nhost:x\r\nConnection: keep-alive\r\nX-Request-Id: 1\r\n\r\n",
        ]
        var random = SplitMix(state: 7)
        let alphabet = Array("GETHAD /simple?%:\r\n\t HTTP/1.1host-lengthcontent chunked,;=\"\u{0}\u{7f}\u{ff}".utf8)
        var plain = 0
        for _ in 0..<100_000 {
            var bytes = Array(seeds[Int(random.next() % 2)].utf8)
            for _ in 0..<(1 + random.next() % 3) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[position] = alphabet[Int(random.next() % UInt64(alphabet.count))]
                case 1: bytes.insert(alphabet[Int(random.next() % UInt64(alphabet.count))], at: position)
                default: bytes.remove(at: position)
                }
            }
            if let broken = brokenPlainRequest(bytes) {
                Issue.record("\(broken): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
                return
            }
            if case .plain = bytes.withUnsafeBytes({ PlainRequest.read($0) }) { plain += 1 }
        }
        #expect(plain > 10_000, "the changes leave too little to compare")
    }
}

/// Small, fast and the same on every machine.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What is told apart before the decoder is exactly one request to the decoder, with the same method, target and headers.
@Sendable func brokenPlainRequest(_ bytes: [UInt8]) -> String? {
    let reading = bytes.withUnsafeBytes { PlainRequest.read($0) }
    guard reading != .other else { return nil }
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    do {
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        guard case .head(let head)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { return "the decoder sees no head" }
        guard case .end(nil)? = try channel.readInbound(as: HTTPServerRequestPart.self) else { return "the decoder sees a body" }
        guard try channel.readInbound(as: HTTPServerRequestPart.self) == nil else { return "the decoder sees more than one request" }
        guard case .plain(let request) = reading else { return nil }
        func text(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
        guard head.uri == text(request.target) else { return "the decoder sees the target \(head.uri)" }
        guard (head.method == .HEAD) == request.isHead, head.method == .HEAD || head.method == .GET else { return "the decoder sees \(head.method)" }
        guard head.version == .http1_1, head.isKeepAlive != request.closes else { return "the decoder sees another connection" }
        for (name, range) in [("accept", request.accept), ("accept-encoding", request.acceptEncoding), ("if-none-match", request.ifNoneMatch)] {
            // (It leaves white space at the end of a value where it is.)
            guard head.headers[name].map({ $0.trimmingCharacters(in: .whitespaces) }) == (text(range).map { [$0] } ?? []) else {
                return "the decoder sees \(name) as \(head.headers[name])"
            }
        }
        guard head.headers["host"].count == 1 else { return "the decoder sees \(head.headers["host"].count) hosts" }
        return nil
    } catch {
        return "the decoder refuses it: \(error)"
    }
}
