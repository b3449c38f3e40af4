// Downloads from a disk: what they hold while they run, and that they let go of it.

import Backends
import Distributions
import Foundation
import SQLDatabase
import TestSupport
import Testing
import Web

struct SendfileTests {
    private static func request(_ path: String) -> [UInt8] { Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8) }
    /// More than sockets take in by themselves.
    private static let large = 50_000_000

    @Test func `a file of many pieces comes whole, also after another on the same connection`() async throws {
        try await DiskSite.run { site in
            var generator = SystemRandomNumberGenerator()
            let words = (0..<(1 << 20) + 7).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
            let bytes = words.withUnsafeBytes { Array($0) }
            let path = try site.file("large.whl", ofBytes: 0)
            try Data(bytes).write(to: URL(fileURLWithPath: "\(site.root)/\(path.dropFirst("/packages/".count))"))
            let requests = Self.request(path) + Self.request(path) + WebClient.head("HEAD", path, [:])
            let answers = try await site.client.withConnection { connection in
                connection.send(requests)
                return [try connection.receive(), try connection.receive(), try connection.receive(isHead: true)]
            }
            for answer in answers.prefix(2) { #expect(answer.status == 200 && Digests(of: answer.body) == Digests(of: bytes)) }
            #expect(answers[2]["Content-Length"] == "\(bytes.count)")
            // Across the borders of pieces.
            for range in [(2 << 20) - 1..<(2 << 20) + 1, 0..<2 << 20, 1..<4 << 20, 2 << 20..<bytes.count, bytes.count - 1..<bytes.count] {
                let part = try await site.client.get(path, ["Range": "bytes=\(range.lowerBound)-\(range.upperBound - 1)"])
                #expect(part.status == 206)
                #expect(part.body == Array(bytes[range]), "\(range)")
            }
        }
    }

    @Test func `an empty file is an empty body`() async throws {
        try await DiskSite.run { site in
            let path = try site.file("empty.whl", ofBytes: 0)
            for _ in 0..<2 {
                let answer = try await site.client.get(path)
                #expect(answer.status == 200 && answer["Content-Length"] == "0" && answer.body.isEmpty)
            }
        }
    }

    @Test func `a connection holds one descriptor, however many requests it has sent ahead`() async throws {
        try await DiskSite.run { site in
            let path = try site.file("large.whl", ofBytes: Self.large)
            let connection = try WebConnection(port: site.client.port)
            defer { connection.close() }
            for _ in 0..<5 { connection.send(Self.request(path)) }
            try await eventually("the download runs") { site.openDescriptors > 0 }
            for _ in 0..<5 {
                #expect(site.openDescriptors == 1)
                // Something else that has to be answered meanwhile: the loop is not held.
                #expect(try await site.client.get("/_health/").status == 200)
            }
            for _ in 0..<2 {
                let answer = try await WebClient.blocking { try connection.receive() }
                #expect(answer.status == 200 && answer.body.count == Self.large)
                #expect(site.openDescriptors <= 1)
            }
        }
    }

    @Test func `clients that go away, before the head and in the middle, leave no descriptor`() async throws {
        try await DiskSite.run { site in
            let path = try site.file("large.whl", ofBytes: Self.large)
            for number in 0..<40 {
                let connection = try WebConnection(port: site.client.port)
                connection.send(Self.request(path))
                switch number % 4 {
                case 0: connection.reset()
                case 1: connection.close()
                case 2:
                    try await eventually("the download runs") { site.openDescriptors > 0 }
                    connection.reset()
                default:
                    try await eventually("the download runs") { site.openDescriptors > 0 }
                    connection.close()
                }
            }
            try await eventually("every descriptor is closed") { site.openDescriptors == 0 }
            // Who has sent everything may close that half, and still gets the file.
            let half = try await site.client.withConnection { connection in
                connection.send(Self.request(path))
                connection.finishSending()
                return try connection.receive()
            }
            #expect(half.body.count == Self.large)
        }
    }

    @Test func `what has no body opens nothing for long`() async throws {
        try await DiskSite.run { site in
            let path = try site.file("large.whl", ofBytes: Self.large)
            let tag = try #require(try await site.client.head(path)["ETag"])
            #expect(try await site.client.get(path, ["If-None-Match": tag]).status == 304)
            #expect(try await site.client.get(path, ["Range": "bytes=99999999-"]).status == 416)
            try await eventually("every descriptor is closed") { site.openDescriptors == 0 }
        }
    }

    @Test func `the server stops although somebody does not read on`() async throws {
        let held = Held()
        try await TestIndex.run { test in
            let root = "\(test.folder)/files"
            let site = DiskSite(client: WebClient(port: 0), root: root)
            try await test.serve(index: test.index(storage: try DiskStorage(root: root))) { client in
                let path = try site.file("large.whl", ofBytes: Self.large)
                held.connection = try WebConnection(port: client.port)
                held.connection?.send(Self.request(path))
                try await eventually("the download runs") { site.openDescriptors == 1 }
            }
            try await eventually("every descriptor is closed") { site.openDescriptors == 0 }
        }
    }

    private final class Held: @unchecked Sendable {
        var connection: WebConnection?
    }

    @Test(arguments: [30_000_000, 1_000_000]) func `a file that becomes shorter ends the connection and is never filled up`(rest: Int) async throws {
        try await DiskSite.run { site in
            let path = try site.file("large.whl", ofBytes: Self.large)
            let connection = try WebConnection(port: site.client.port)
            defer { connection.close() }
            connection.send(Self.request(path))
            try await eventually("the download runs") { site.openDescriptors == 1 }
            try site.cut(path, toBytes: rest)
            await #expect(throws: WebClientError.self) { try await WebClient.blocking { try connection.receive() } }
            #expect(try await site.client.get("/_health/").status == 200)
        }
    }

    @Test func `who reads nothing for too long is cut off`() async throws {
        var settings = WebSettings()
        settings.sendTimeout = .seconds(1)
        try await DiskSite.run(settings) { site in
            let path = try site.file("large.whl", ofBytes: Self.large)
            let connection = try WebConnection(port: site.client.port)
            defer { connection.close() }
            connection.send(Self.request(path))
            try await eventually("the download runs") { site.openDescriptors == 1 }
            try await eventually("the client is cut off") { site.openDescriptors == 0 }
        }
    }
}
