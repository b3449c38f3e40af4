// An archive behind the served storage, with the real program.

import Foundation
import Synchronization
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(10))) struct ArchiveTests {
    private static func uncopied(_ client: WebClient) async throws -> Int? {
        let lines = try await client.get("/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix("emporium_uncopied_files ") }.flatMap { Double($0.split(separator: " ")[1]) }.map { Int($0) }
    }

    @Test func `with the bucket away people publish and install, and it is filled when it is back`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        try await StorageSite.run { site in
            let isDown = Mutex(false)
            let proxy = try FaultProxy(before: server.port) { _ in isDown.withLock { $0 } ? .answer(status: 503) : .pass }
            let served = server.location(prefix: UUID().uuidString, port: proxy.port)
            let archive = "\(site.folder)/archive"
            let settings = ["EMPORIUM_STORAGE_URL": served, "EMPORIUM_ARCHIVE_URL": "file:\(archive)"]
            let authorization = try await site.authorization()
            let published = Published()
            let check = try await site.run("check", with: settings)
            #expect(check.status == 0 && check.outputLines.contains { $0.hasPrefix("archive ") && $0.contains("answers") }, "\(check.output)")
            try await site.serving(settings) { client in
                #expect(try await published.publish("before", "1.0", to: client, authorization) == 200)
                try await waitUntil("it is copied") { try await Self.uncopied(client) == 0 }
                isDown.withLock { $0 = true }
                try await published.publish("during", count: 3, to: client, authorization)
                try await published.check(client)
                #expect(try await client.get("/_ready/").status == 200)
                try await waitUntil("they are counted") { try await Self.uncopied(client) == 3 }
                isDown.withLock { $0 = false }
                try await waitUntil("all are copied") { try await Self.uncopied(client) == 0 }
                try await published.check(client)
            }
            // What the bucket has needs no archive.
            try await site.serving(["EMPORIUM_STORAGE_URL": served]) { try await published.check($0) }
        }
    }

    @Test func `with the archive away nothing is published, and a repair brings back what the served folder lost`() async throws {
        try await StorageSite.run { site in
            let archive = "\(site.folder)/archive"
            let settings = ["EMPORIUM_ARCHIVE_URL": "file:\(archive)"]
            let authorization = try await site.authorization()
            let published = Published()
            try await site.serving(settings) { client in
                try await published.publish("demo", count: 5, to: client, authorization)
                try await waitUntil("they are copied") { try await Self.uncopied(client) == 0 }
            }
            let server = try await S3Server.shared(.seaweedfs)
            let proxy = try FaultProxy(before: server.port) { _ in .answer(status: 503) }
            try await site.serving(["EMPORIUM_ARCHIVE_URL": server.location(prefix: UUID().uuidString, port: proxy.port)]) { client in
                #expect(try await published.publish("demo", "2.0", to: client, authorization) == 503)
                #expect(!(try await client.get("/simple/demo/").text.contains("2.0")))
                try await published.check(client)
            }
            func wheels(_ folder: String) -> [String] {
                (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".whl") }.sorted()
            }
            let lost = wheels(site.files)
            #expect(lost.count == 5 && lost == wheels(archive))
            try FileManager.default.removeItem(atPath: "\(site.files)/\(lost[0])")
            try FileManager.default.removeItem(atPath: "\(site.files)/\(lost[1])")
            try Data([1]).write(to: URL(fileURLWithPath: "\(site.files)/\(lost[1])"))
            try FileManager.default.removeItem(atPath: "\(site.files)/\(lost[2])")
            try FileManager.default.removeItem(atPath: "\(archive)/\(lost[2])")
            let first = try await site.run("storage", "repair", with: settings)
            #expect(first.status == 1, "\(first.errors)")
            #expect(first.outputLines.count == 2 && first.outputLines[0].contains(lost[2]), "\(first.output)")
            #expect(first.output.contains("2 were copied again; 1 can not be repaired"), "\(first.output)")
            // From the folder that an earlier repair had not emptied: the other way round.
            #expect(wheels(site.files).count == 4)
            let none = try await site.run("storage", "repair")
            #expect(none.status == 1 && none.errors.contains("EMPORIUM_ARCHIVE_URL is not set"))
            let same = try await site.run("serve", with: ["EMPORIUM_ARCHIVE_URL": "file:\(site.files)"])
            #expect(same.status == 1 && same.errors.contains("name the same place"), "\(same.errors)")
        }
    }
}
