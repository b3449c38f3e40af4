// What a token may do, where, and from where (index §7, with caveats of our own).

import Credentials
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct TokenLimitsTests {
    private func make(_ site: Site, _ change: (inout NewToken) -> Void) async throws -> String {
        var new = NewToken(description: UUID().uuidString, origin: .operator_)
        change(&new)
        return try await site.test.index.createToken(for: "alice", new)
    }

    private static var closed: IndexSettings {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        return settings
    }

    @Test func `a token that only reads reads a private index, and publishes nothing`() async throws {
        try await Site.run(Self.closed) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let token = try await make(site) { $0.reach = .read }
            #expect(try await site.client.get("/simple/demo/", ["Authorization": "Bearer \(token)"]).status == 200)
            let refused = try await site.client.upload(.wheel("demo", "1.1"), authorization: "Bearer \(token)")
            #expect(refused.status == 403 && refused.statusLine.contains("token may not upload"))
            // A caveat that its holder adds gives nothing back.
            var more = try Macaroon(token: token)
            more.addCaveat(Caveat.actions([.upload, .manage]).json)
            #expect(try await site.client.upload(.wheel("demo", "1.1"), authorization: "Bearer \(more.token)").status == 403)
            #expect(try await site.fileCount() == 1)
        }
    }

    @Test func `tokens from before publish and read, and manage nothing, whatever is added to them`() async throws {
        try await Site.run(Self.closed) { site in
            let old = site.token
            #expect(try await site.client.get("/simple/", ["Authorization": "Bearer \(old)"]).status == 200)
            #expect(try await site.client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(old)").status == 200)
            let index = site.test.index
            var more = try Macaroon(token: old)
            more.addCaveat(Caveat.actions([.manage]).json)
            for text in [old, more.token] {
                #expect(try await !index.mayManage(index.authenticate(.token(text), source: RequestSource()), project: nil))
            }
            let manager = try await make(site) { $0.reach = .manage }
            #expect(try await index.mayManage(index.authenticate(.token(manager), source: RequestSource()), project: nil))
            #expect(try await site.client.upload(.wheel("demo", "1.1"), authorization: "Bearer \(manager)").status == 200)
        }
    }

    @Test func `a token works from its networks, and from nowhere else`() async throws {
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.run(web: web) { site in
            let token = try await make(site) { $0.networks = ["192.0.2.0/24", "2001:db8::/32"] }
            func upload(_ version: String, from address: String) async throws -> Int {
                try await site.client.upload(
                    .wheel("demo", version),
                    authorization: "Bearer \(token)",
                    headers: ["X-Forwarded-For": address]
                ).status
            }
            #expect(try await upload("1.0", from: "192.0.2.77") == 200)
            #expect(try await upload("1.1", from: "2001:db8:1::1") == 200)
            #expect(try await upload("1.2", from: "::ffff:192.0.2.1") == 200)
            for address in ["192.0.3.1", "2001:db9::1", "nonsense", "::ffff:192.0.3.1"] {
                #expect(try await upload("2.0", from: address) == 403, "\(address)")
            }
            // The header of a proxy that nobody trusts is nobody's address: the nearest one wins.
            #expect(try await upload("2.0", from: "192.0.2.77, 203.0.113.9") == 403)
        }
    }

    @Test func `a token may name several projects`() async throws {
        try await Site.runForPeople { site, browser in
            for name in ["one", "two", "three"] { try await site.publish(.wheel(name, "1.0")) }
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/token/")
            let page = try await browser.submit(
                "/manage/account/token/",
                ["name": "ci", "project:one": "on", "project:three": "on", "networks": "127.0.0.0/8 ::1", "days": "30"]
            )
            let token = try #require(page.text.range(of: "pypi-[A-Za-z0-9_-]+", options: .regularExpression).map { String(page.text[$0]) })
            for (name, status) in [("one", 200), ("three", 200), ("two", 403), ("four", 403)] {
                #expect(try await site.client.upload(.wheel(name, "2.0"), authorization: "Bearer \(token)").status == status, "\(name)")
            }
            let list = try await browser.get("/manage/account/token/").text
            #expect(list.contains("publish to one, three") && list.contains("from 127.0.0.0/8, ::1"))
            // By what, and from where.
            #expect(list.contains("127.0.0.1"))
            for (fields, words) in [
                (["networks": "192.0.2.1/24"], "is no network"), (["networks": "<script>"], "is no network"),
                (["reach": "everything"], "no such choice"),
                (["reach": "read", "project:one": "on"], "reads the whole index"),
            ] {
                let answer = try await browser.submit("/manage/account/token/", fields.merging(["name": "x", "days": ""]) { $1 })
                #expect(answer.status == 422 && answer.text.contains(words) && !answer.text.contains("<script>"), "\(fields)")
            }
        }
    }
}
