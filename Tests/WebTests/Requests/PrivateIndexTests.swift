// An index that only shows itself to those with a token (EMPORIUM_READ_ACCESS=authenticated).

import Backends
import Registry
import SQLDatabase
import TestSupport
import Testing

struct PrivateIndexTests {
    private static var settings: IndexSettings {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        return settings
    }

    // index §7.4, and what pip needs to send netrc's credentials
    @Test func `without a token everything is 401 with a Basic challenge`() async throws {
        try await Site.run(Self.settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let path = try #require(try await site.test.storage.list().first?.text)
            for target in ["/simple/", "/simple/demo/", "/simple/Demo/", "/simple/nothing/", "/packages/\(path)", "/packages/nothing"] {
                for authorization in ["Bearer x", WebClient.basic("alice", "secret"), ""] {
                    let answer = try await site.client.get(target, ["Authorization": authorization, "Accept": v1JSON])
                    #expect(answer.status == 401, "\(target)")
                    #expect(answer["WWW-Authenticate"] == "Basic realm=\"index\"")
                    #expect(!answer.text.contains("demo-1.0"))
                    #expect(answer["ETag"] == nil && answer["X-PyPI-Last-Serial"] == nil)
                }
                #expect(try await site.client.head(target).status == 401)
            }
            // Pages that say nothing of what is in the index, and the health check, stay open.
            for target in ["/", "/help/", "/_health/"] { #expect(try await site.client.get(target).status == 200) }
        }
    }

    @Test func `a user's token reads, and what it gets is for its holder alone`() async throws {
        try await Site.run(Self.settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let path = try #require(try await site.test.storage.list().first?.text)
            for target in ["/simple/", "/simple/demo/", "/packages/\(path)"] {
                for authorization in [site.bearer, WebClient.basic("__token__", site.token)] {
                    let answer = try await site.client.get(target, ["Authorization": authorization, "Accept-Encoding": "gzip"])
                    #expect(answer.status == 200, "\(target)")
                    #expect(answer["Cache-Control"]?.contains("private") == true)
                    #expect(answer["Cache-Control"]?.contains("public") == false)
                    #expect(answer["Surrogate-Control"] == nil)
                    #expect(answer["Vary"]?.contains("Authorization") == true)
                    // Its length would tell what is in it (index §0.2 step 8).
                    #expect(answer["Content-Encoding"] == nil)
                    let tag = try #require(answer["ETag"])
                    let again = try await site.client.get(target, ["Authorization": authorization, "If-None-Match": tag])
                    #expect(again.status == 304)
                    #expect(again["Cache-Control"]?.contains("private") == true)
                    #expect(try await site.client.get(target, ["If-None-Match": tag]).status == 401)
                }
            }
            let redirect = try await site.client.get("/simple/DEMO/", ["Authorization": site.bearer])
            #expect(redirect.status == 301)
            #expect(redirect["Cache-Control"]?.contains("public") != true)
        }
    }

    // index §7.5
    @Test func `tokens bound to a project, expired, deleted or of disabled users do not read`() async throws {
        try await Site.run(Self.settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let bound = try await site.test.token(project: "demo")
            let expiring = try await site.test.token(expiresAt: site.test.clock.clock.now() + 10_000_000)
            #expect(try await site.client.get("/simple/demo/", ["Authorization": "Bearer \(bound)"]).status == 401)
            #expect(try await site.client.get("/simple/demo/", ["Authorization": "Bearer \(expiring)"]).status == 200)
            site.test.clock.advance(by: .seconds(11))
            #expect(try await site.client.get("/simple/demo/", ["Authorization": "Bearer \(expiring)"]).status == 401)
            try await site.sql("UPDATE users SET is_active = FALSE")
            #expect(try await site.client.get("/simple/demo/", ["Authorization": site.bearer]).status == 401)
            try await site.sql("UPDATE users SET is_active = TRUE")
            #expect(try await site.client.get("/simple/demo/", ["Authorization": site.bearer]).status == 200)
            try await site.sql("DELETE FROM api_tokens")
            #expect(try await site.client.get("/simple/demo/", ["Authorization": site.bearer]).status == 401)
        }
    }

    @Test func `an open index does not look at credentials`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let answer = try await site.client.get("/simple/demo/", ["Authorization": "Bearer nonsense"])
            #expect(answer.status == 200)
            #expect(answer["Cache-Control"] == "max-age=600, public")
        }
    }
}
