// Which projects need which.

import Foundation
import JobQueue
import Registry
import SQLDatabase
import TestSupport
import Testing

struct DependentsTests {
    private func read(_ site: Site, _ path: String) async throws -> RawResponse { try await site.client.get(path, ["Accept": "text/html"]) }

    private func need(_ site: Site, _ name: String, _ version: String, _ specifiers: [String]) async throws {
        try await site.publish(.wheel(name, version, saying: specifiers.map { ("requires_dist", $0) }))
        try await site.test.runJobs()
    }

    @Test func `a project's dependents follow what the newest releases need`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("base", "1.0"))
            #expect(try await read(site, "/project/base/dependents/").text.contains("Nothing in this index needs it."))
            try await need(site, "one", "1.0", ["Base>=1"])
            try await need(site, "two", "1.0", ["base; extra == 'x'", "other"])
            try await need(site, "three", "1.0", ["BASE", "base>=2; extra == 'more'"])
            let page = try await read(site, "/project/base/dependents/").text
            #expect(page.contains("3 projects need this one") && page.contains("&gt;=1") && page.contains("only with an extra"))
            // A newer release needs it no more; a yanked one does not count.
            try await need(site, "one", "2.0", ["other"])
            #expect(try await read(site, "/project/base/dependents/").text.contains("2 projects need this one"))
            try await site.sql("UPDATE releases SET yanked = TRUE WHERE version = '2.0'")
            try await site.test.db.write { try $0.jobs.enqueue(RebuildSearch(), now: site.test.clock.clock.now()) }
            try await site.test.runJobs()
            #expect(try await read(site, "/project/base/dependents/").text.contains("3 projects need this one"))
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter' WHERE name = 'two'")
            try await site.test.db.write { try $0.jobs.enqueue(RebuildSearch(), now: site.test.clock.clock.now()) }
            try await site.test.runJobs()
            #expect(!(try await read(site, "/project/base/dependents/").text.contains("/project/two/")))
            for query in ["?page=0", "?page=2", "?page=-1", "?page=x", "?page=99999999999999999999"] {
                #expect(try await read(site, "/project/base/dependents/\(query)").status == 200, "\(query)")
            }
        }
    }

    @Test func `what a release needs leads to the project where this index has it`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("base", "1.0"))
            try await need(site, "one", "1.0", ["Base>=1", "elsewhere"])
            let page = try await read(site, "/project/one/dependencies/").text
            #expect(page.contains("href=\"/project/base/\"") && !page.contains("href=\"/project/elsewhere/\"") && page.contains("not in this index"))
        }
    }
}
