import Backends
import Foundation
import Registry
import SQLDatabase
import Synchronization
import TestSupport
import Testing
import Web

/// Nobody meets a page from before a change they were told of, in this process or another.
struct InvalidationTests {
    private let accepts = ["text/html", v1HTML, v1JSON]
    private let encodings = ["identity", "gzip", "zstd"]

    /// A second process on the same index, with caches of its own that follow the first one's changes.
    private func withAnotherProcess(_ site: Site, following: Bool = true, _ body: @escaping @Sendable (WebClient, PackageIndex) async throws -> Void)
        async throws
    {
        let other = site.test.anotherProcess()
        try await withThrowingTaskGroup(of: Void.self) { group in
            if following { group.addTask { await other.followTouchedTags() } }
            try await site.test.serve(index: other, incoming: "\(site.test.folder)/other") { client in try await body(client, other) }
            group.cancelAll()
        }
    }

    private func serial(_ client: WebClient, _ target: String, _ accept: String, _ encoding: String) async throws -> Int {
        let page = try await client.get(target, ["Accept": accept, "Accept-Encoding": encoding])
        return Int(try #require(page["X-PyPI-Last-Serial"])) ?? -1
    }

    @Test func `every format in every encoding shows a publish once it was answered`() async throws {
        try await Site.run { site in
            for version in 1...4 {
                try await site.publish(.wheel("demo", "\(version)"))
                let last = try await site.test.db.read { try $0.journal.lastSerial() }
                for target in ["/simple/demo/", "/simple/"] {
                    for accept in accepts {
                        for encoding in encodings { #expect(try await serial(site.client, target, accept, encoding) == Int(last)) }
                    }
                }
            }
        }
    }

    @Test func `a project that did not exist is there once its first upload was answered`() async throws {
        try await Site.run { site in
            for _ in 0..<3 { #expect(try await site.client.get("/simple/demo/").status == 404) }
            #expect(!(try await site.client.get("/simple/").text).contains("demo"))
            try await site.publish(.wheel("demo", "1.0"))
            #expect(try await site.client.get("/simple/demo/").status == 200)
            #expect(try await site.client.get("/simple/").text.contains("demo"))
            #expect(try await site.client.get("/simple/Demo/").status == 301)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `another process shows a change well within its bound`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1"))
            try await withAnotherProcess(site) { client, _ in
                _ = try await client.get("/simple/demo/")
                for version in 2...6 {
                    try await site.publish(.wheel("demo", "\(version)"))
                    while try await !client.get("/simple/demo/").text.contains("demo-\(version)-") { try await Task.sleep(for: .milliseconds(5)) }
                }
            }
        }
    }

    @Test func `a process that heard nothing still shows the old page, until it compares`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1"))
            try await withAnotherProcess(site, following: false) { client, other in
                try await other.catchUpWithTouchedTags()
                #expect(try await client.get("/simple/demo/").text.contains("demo-1-"))
                try await site.publish(.wheel("demo", "2"))
                #expect(!(try await client.get("/simple/demo/").text).contains("demo-2-"), "it is served from memory")
                try await other.catchUpWithTouchedTags()
                #expect(try await client.get("/simple/demo/").text.contains("demo-2-"))
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `while eight publish, no reader ever sees a format fall behind what it has seen`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "0"))
            let progress = Progress()
            let pages = try await withThrowingTaskGroup(of: Int.self) { group in
                for reader in 0..<4 {
                    group.addTask {
                        var seen = 0
                        var pages = 0
                        while !progress.isDone.withLock({ $0 }) {
                            let now = try await serial(site.client, "/simple/demo/", accepts[(reader + pages) % 3], encodings[pages % 3])
                            #expect(now >= seen, "one format shows \(now) after another showed \(seen)")
                            seen = max(seen, now)
                            pages += 1
                        }
                        return pages
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { publishers in
                    for publisher in 1...8 {
                        publishers.addTask { for number in 0..<4 { try await site.publish(.wheel("demo", "\(publisher).\(number)")) } }
                    }
                    try await publishers.waitForAll()
                }
                progress.isDone.withLock { $0 = true }
                return try await group.reduce(0, +)
            }
            #expect(pages > 0)
        }
    }

    @Test func `a process that could not compare for too long lets no CDN keep its pages, hot or cold`() async throws {
        try await TestIndex.run(cdn: RecordingCDN()) { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("demo", "1"), token: token)
            try await test.serve { client in
                for _ in 0..<2 {
                    let page = try await client.get("/simple/demo/")
                    #expect(page.status == 200)
                    #expect(page["Surrogate-Control"] == nil, "it has not compared yet")
                }
                for _ in 0..<2 {
                    try await test.index.catchUpWithTouchedTags()
                    #expect(try await client.get("/simple/demo/")["Surrogate-Control"] != nil)
                }
            }
            // The purges after the purge.
            test.clock.advance(by: .seconds(10))
        }
    }

    @Test func `a publish that fails drops nothing that was right`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1"))
            let tag = try await site.client.get("/simple/demo/")["ETag"]
            let refused = try await site.client.upload(.wheel("demo", "1").with(bytes: Array("no wheel".utf8)), authorization: site.bearer)
            #expect(refused.status == 400)
            #expect(try await site.client.get("/simple/demo/")["ETag"] == tag)
        }
    }

    @Test func `a warm page costs no statement, and a cold one a single one`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1"))
            let counting = CountingDatabase(site.test.db)
            let index = PackageIndex(
                database: counting,
                storage: site.test.storage,
                passwords: site.test.index.passwords,
                secrets: site.test.index.secrets,
                readme: site.test.index.readme,
                settings: site.test.index.settings,
                logger: site.test.index.logger
            )
            try await site.test.serve(index: index, incoming: "\(site.test.folder)/other") { client in
                #expect(try await client.get("/simple/demo/").status == 200)
                #expect(counting.count == 1)
                for _ in 0..<5 { _ = try await client.get("/simple/demo/") }
                _ = try await client.head("/simple/demo/")
                #expect(counting.count == 1)
                _ = try await client.get("/simple/nothing/")
                _ = try await client.get("/simple/nothing/")
                #expect(counting.count == 2)
                _ = try await client.get("/simple/")
                let list = counting.count
                for _ in 0..<5 { _ = try await client.get("/simple/") }
                #expect(counting.count == list)
            }
        }
    }
}

private final class Progress: Sendable {
    let isDone = Mutex(false)
}
