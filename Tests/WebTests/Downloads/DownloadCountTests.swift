// How often files were fetched, and by what.

import Backends
import Foundation
import JobQueue
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct DownloadCountTests {
    private static let pip =
        "pip/26.3 {\"ci\":null,\"implementation\":{\"name\":\"CPython\",\"version\":\"3.12.4\"},\"installer\":{\"name\":\"pip\",\"version\":\"26.3\"},\"python\":\"3.12.4\",\"system\":{\"name\":\"Linux\",\"release\":\"6\"}}"

    private func fetch(_ site: Site, _ path: String, _ agent: String, _ header: (name: String, value: String)? = nil, method: String = "GET")
        async throws -> Int
    {
        let (name, value) = header ?? ("Accept", "*/*")
        return try await site.client.send(method, path, headers: ["User-Agent": agent, name: value]).status
    }

    private func read(_ site: Site, _ path: String) async throws -> RawResponse { try await site.client.get(path, ["Accept": "text/html"]) }

    @Test func `downloads are counted by version, Python, system and installer, mirrors and bots apart`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("demo", "2.0"))
            let (one, two) = (try await site.link("demo"), try await site.link("demo", 1))
            // The first from the storage, the others from memory.
            for _ in 0..<3 { #expect(try await fetch(site, one, Self.pip) == 200) }
            #expect(
                try await fetch(site, two, "uv/0.13.8 {\"installer\":{\"name\":\"uv\"},\"python\":\"3.11.9\",\"system\":{\"name\":\"Darwin\"}}")
                    == 200
            )
            #expect(try await fetch(site, two, "bandersnatch/6.8.0 (CPython 3.12; Linux)") == 200)
            #expect(try await fetch(site, two, "Mozilla/5.0 (compatible; Googlebot/2.1)") == 200)
            #expect(try await fetch(site, two, "") == 200)
            // None of these is a download.
            #expect(try await fetch(site, one, Self.pip, method: "HEAD") == 200)
            #expect(try await fetch(site, one, Self.pip, ("Range", "bytes=0-9")) == 206)
            #expect(try await fetch(site, "\(one).metadata", Self.pip) == 200)
            let tag = try #require(try await site.client.get(one)["ETag"])
            #expect(try await fetch(site, one, Self.pip, ("If-None-Match", tag)) == 304)
            #expect(try await fetch(site, one.replacing("demo-1.0", with: "demo-9.0"), Self.pip) == 404)
            // One more by the request that asked for the tag.
            #expect(try await site.test.index.keepDownloads() == 8)
            #expect(try await site.test.index.keepDownloads() == 0)
            let json = try await site.client.get("/project/demo/downloads.json").text
            for part in [
                "\"version\":{\"1.0\":4,\"2.0\":2}", "\"python\":{\"3.12\":3,\"unknown\":2,\"3.11\":1}",
                "\"system\":{\"Linux\":3,\"unknown\":2,\"macOS\":1}",
                "\"installer\":{\"pip\":3,\"unknown\":2,\"uv\":1}", "\"mirror\":{\"bandersnatch\":1}", "\"bot\":{\"googlebot\":1}", "\"last_day\":0",
            ] {
                #expect(json.contains(part), "\(part) in \(json)")
            }
            site.test.clock.advance(by: .seconds(86_400))
            #expect(try await site.client.get("/project/demo/downloads.json").text.contains("\"last_day\":6"))
            let page = try await read(site, "/project/demo/downloads/")
            #expect(page.status == 200 && page.text.contains("<svg") && page.text.contains("bandersnatch"))
            let drawing = try await site.client.get("/project/demo/downloads.svg")
            #expect(drawing["Content-Type"] == "image/svg+xml" && drawing.text.hasPrefix("<svg xmlns"))
        }
    }

    @Test func `days become months after 90 days, and nothing is lost on the way`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let path = try await site.link("demo")
            for _ in 0..<4 {
                #expect(try await fetch(site, path, Self.pip) == 200)
                try await site.test.index.keepDownloads()
                site.test.clock.advance(by: .seconds(20 * 86_400))
            }
            site.test.clock.advance(by: .seconds(60 * 86_400))
            try await site.test.db.write { try $0.jobs.enqueue(FoldDownloads(), now: site.test.clock.clock.now()) }
            try await site.test.runJobs()
            let rows = try await site.test.db.query("SELECT period, count FROM downloads WHERE dimension = 'total'")
            let counts = try rows.map { try $0["count", as: Int.self] }
            #expect(counts.reduce(0, +) == 4)
            let periods = try rows.map { try $0["period", as: String.self].utf8.count }
            #expect(periods.contains(7) && periods.contains(10))
            #expect(try await read(site, "/project/demo/downloads/").status == 200)
        }
    }

    @Test func `what can not be written down is counted on, and a project that goes takes its counts along`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let path = try await site.link("demo")
            #expect(try await fetch(site, path, Self.pip) == 200)
            try await site.test.db.write { try $0.freeze.set(.forGood) }
            await #expect(throws: (any Error).self) { try await site.test.index.keepDownloads() }
            // Downloads go on.
            #expect(try await fetch(site, path, Self.pip) == 200)
            try await site.test.engine.write { try $0.freeze.set(.open) }
            #expect(try await site.test.index.keepDownloads() == 2)
            try await site.sql("DELETE FROM files")
            try await site.sql("DELETE FROM projects")
            #expect(try await site.test.db.query("SELECT period FROM downloads").isEmpty)
            for stored in try await site.test.storage.list() { try await site.test.storage.delete(stored) }
        }
    }

    @Test func `where nothing is counted nothing is shown`() async throws {
        var settings = IndexSettings()
        settings.countsDownloads = false
        try await Site.run(settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let path = try await site.link("demo")
            #expect(try await fetch(site, path, Self.pip) == 200)
            #expect(try await site.test.index.keepDownloads() == 0)
            #expect(!(try await read(site, "/project/demo/").text.contains("downloads")))
            for name in ["downloads/", "downloads.json", "downloads.svg"] { #expect(try await read(site, "/project/demo/\(name)").status == 404) }
        }
    }

    // Rows are for ever: what is written of a header is one of few words.
    @Test func `made-up agents make no rows of their own`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let path = try await site.link("demo")
            for number in 0..<20 {
                #expect(try await fetch(site, path, "xbot\(number)/1.0") == 200)
                let agent = "pip/26.3 {\"installer\":{\"name\":\"pip\"},\"python\":\"9.\(number)\",\"system\":{\"name\":\"S\(number)\"}}"
                #expect(try await fetch(site, path, agent) == 200)
            }
            #expect(try await site.test.index.keepDownloads() == 40)
            let rows = try await site.test.db.query("SELECT dimension, value, count FROM downloads ORDER BY dimension")
            let written = try rows.map {
                "\(try $0["dimension", as: String.self]) \(try $0["value", as: String.self]) \(try $0["count", as: Int.self])"
            }
            #expect(written == ["bot other 20", "installer pip 20", "python unknown 20", "system other 20", "total  20", "version 1.0 20"])
        }
    }

    // Whoever makes up files and agents does not fill the memory.
    @Test func `there is an end to what is kept in memory`() {
        let counter = DownloadCounter(isOn: true)
        for number in 0..<60_000 { counter.record(target: "/packages/\(number)", agent: String(repeating: "x", count: 5000)) }
        #expect(counter.waiting == 50_000)
    }
}
