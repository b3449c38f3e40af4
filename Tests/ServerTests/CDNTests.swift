// Readers behind a real Varnish see what was published, in every format and encoding, whatever happens to the purge on its way.

import Distributions
import Foundation
import JobQueue
import SQLDatabase
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct CDNTests {
    /// Whether readers get, in every variant, what the index itself gives out.
    private func isCurrent(_ target: String, _ site: CDNSite) async throws -> Bool {
        let serial = try await site.origin.get(target)["X-PyPI-Last-Serial"]
        for variant in PageVariant.all {
            let page = try await variant.get(target, from: site.readers)
            guard page.status == 200, page["X-PyPI-Last-Serial"] == serial else { return false }
        }
        return true
    }

    private func text(of page: RawResponse) throws -> String {
        guard page["Content-Encoding"] == "gzip" else { return page.text }
        return String(decoding: try Compression.inflate(page.body, format: .gzip, limit: 1 << 20), as: UTF8.self)
    }

    private func stop(_ program: RunningProgram) async throws {
        program.signal(SIGTERM)
        let result = try await program.result()
        #expect(result.status == 0)
        #expect(!result.errors.contains(" error emporium"), "\(result.errors)")
    }

    @Test func `what is published through Varnish is soon read through it`() async throws {
        try await CDNSite.run { site in
            let program = try await site.start(cdn: site.cdnURL)
            try await site.publish(.wheel("apple", "1.0"), through: site.readers)
            // Kept from now on: only a purge makes it new.
            try await waitUntil("the first release is there") { try await isCurrent("/simple/apple/", site) }
            #expect(try await site.readers.get("/simple/apple/")["X-Cache"] == "HIT")
            try await site.publish(.wheel("apple", "2.0"), through: site.readers)
            try await waitUntil("the second release is there") { try await isCurrent("/simple/apple/", site) }
            #expect(try await site.readers.get("/simple/apple/").text.contains("apple-2.0-py3-none-any.whl"))
            // The list of all projects, too.
            try await site.publish(.wheel("pear", "1.0"))
            try await waitUntil("the new project is listed") { try await site.readers.get("/simple/").text.contains("/simple/pear/") }
            try await stop(program)
        }
    }

    // Two uploads in a row used to be enough to lose the second one's purge.
    @Test func `ten uploads of one release are all there at last, in every format and encoding`() async throws {
        try await CDNSite.run { site in
            let program = try await site.start(cdn: site.cdnURL)
            let uploads = (0..<10).map { UploadBuilder.wheel("apple", "1.0", tag: "py3-none-manylinux_2_\($0 + 20)_x86_64") }
            try await site.publish(uploads[0])
            // Readers ask all the while, so that old pages are always about to be stored.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for variant in PageVariant.all {
                    group.addTask {
                        while !Task.isCancelled {
                            _ = try await variant.get("/simple/apple/", from: site.readers)
                            try? await Task.sleep(for: .milliseconds(20))
                        }
                    }
                }
                for upload in uploads.dropFirst() {
                    try await site.publish(upload)
                    try await Task.sleep(for: .milliseconds(100))
                }
                try await waitUntil("all variants are current") { try await isCurrent("/simple/apple/", site) }
                group.cancelAll()
            }
            // Also when the last purge of all is done.
            try await waitUntil("the purges are done") {
                try await site.withDatabase { try await $0.query("SELECT 1 AS found FROM jobs WHERE kind = 'purge-tags'") }.isEmpty
            }
            try await waitUntil("all variants are current again") { try await isCurrent("/simple/apple/", site) }
            var serials: Set<String> = []
            for variant in PageVariant.all {
                let page = try await variant.get("/simple/apple/", from: site.readers)
                let (shown, own) = (try text(of: page), try text(of: try await variant.get("/simple/apple/", from: site.origin)))
                for upload in uploads { #expect(shown.contains(upload.filename), "\(variant)") }
                #expect(shown == own, "\(variant)")
                #expect(page["X-Cache"] == "HIT", "\(variant)")
                serials.insert(page["X-PyPI-Last-Serial"] ?? "")
            }
            #expect(serials.count == 1)
            try await stop(program)
        }
    }

    @Test func `a purge whose worker is killed is made up for after the restart`() async throws {
        try await CDNSite.run { site in
            // Purges go to a machine that hangs.
            let hole = try SilentListener()
            let first = try await site.start(cdn: "varnish+http://127.0.0.1:\(hole.port)")
            try await site.publish(.wheel("apple", "1.0"))
            let old = try await site.readers.get("/simple/apple/")
            try await site.publish(.wheel("apple", "2.0"))
            try await waitUntil("a purge is under way") {
                try await site.withDatabase { try await $0.query("SELECT 1 AS found FROM jobs WHERE kind = 'purge-tags' AND lease IS NOT NULL") }
                    .isEmpty == false
            }
            first.signal(SIGKILL)
            _ = try await first.result()
            // It is lost: readers have the old page, and would keep it for a day.
            for _ in 0..<3 {
                let page = try await site.readers.get("/simple/apple/")
                #expect(page.body == old.body && page["X-Cache"] == "HIT")
            }
            // The minute until the dead worker's lease ends.
            _ = try await site.withDatabase { try await $0.write { try $0.execute("UPDATE jobs SET run_after = 0 WHERE lease IS NOT NULL") } }
            let second = try await site.start(cdn: site.cdnURL)
            try await waitUntil("the purge is made up for") { try await isCurrent("/simple/apple/", site) }
            #expect(try await site.readers.get("/simple/apple/").text.contains("apple-2.0-py3-none-any.whl"))
            try await stop(second)
        }
    }

    @Test func `publishing does not wait for a CDN that is down, and readers see it once it is back`() async throws {
        try await CDNSite.run { site in
            let first = try await site.start(cdn: "varnish+http://127.0.0.1:\(SparePort.find())")
            try await site.publish(.wheel("apple", "1.0"))
            _ = try await site.readers.get("/simple/apple/")
            try await site.publish(.wheel("apple", "2.0"))
            try await waitUntil("a purge has failed") {
                try await site.withDatabase { try await $0.query("SELECT 1 AS found FROM jobs WHERE kind = 'purge-tags' AND last_error IS NOT NULL") }
                    .isEmpty == false
            }
            #expect(!first.errors.contains("the-purge-key"))
            try await stop(first)
            let second = try await site.start(cdn: site.cdnURL)
            try await waitUntil("the purge is made up for") { try await isCurrent("/simple/apple/", site) }
            try await stop(second)
        }
    }

    @Test func `check says whether the CDN answers, and tells no key`() async throws {
        try await CDNSite.run { site in
            let good = try await site.check(cdn: site.cdnURL)
            #expect(good.status == 0)
            #expect(good.outputLines.contains { $0.hasPrefix("CDN ") && $0.contains("answers") && $0.contains("127.0.0.1:\(site.varnish.port)") })
            #expect(!good.output.contains("the-purge-key"))
            for bad in [
                "varnish+http://127.0.0.1:\(site.varnish.port)", "varnish+http://127.0.0.1:\(site.varnish.port)?key=wrong-one",
                "varnish+http://127.0.0.1:\(try SparePort.find())?key=the-purge-key",
            ] {
                let result = try await site.check(cdn: bad)
                #expect(result.status == 1, "\(bad)")
                #expect(result.outputLines.contains { $0.hasPrefix("CDN ") && $0.contains("FAILS") }, "\(result.output)")
                #expect(!result.output.contains("wrong-one") && !result.output.contains("the-purge-key"))
            }
            let none = try await site.check(cdn: "none:")
            #expect(none.status == 0 && !none.outputLines.contains { $0.hasPrefix("CDN ") })
        }
    }
}
