// API tokens on the page (platform §1.19).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct TokensPageTests {
    private func make(_ browser: Browser, _ fields: [String: String]) async throws -> String {
        try await browser.get("/manage/account/token/")
        let answer = try await browser.submit("/manage/account/token/", fields)
        #expect(answer.status == 200 && answer["Cache-Control"] == "private, no-store")
        let found = try #require(answer.text.range(of: "pypi-[A-Za-z0-9_-]+", options: .regularExpression))
        return String(answer.text[found])
    }

    @Test func `a token that was made on the page publishes until it is deleted`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            let token = try await make(browser, ["name": "laptop", "days": ""])
            #expect(try await site.client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(token)").status == 200)
            let page = try await browser.get("/manage/account/token/").text
            #expect(page.contains("<td>laptop</td>") && !page.contains(token))
            let id = try #require(page.range(of: #"name="id" value="[^"]*""#, options: .regularExpression).map { page[$0].dropFirst(17).dropLast() })
            let listed = try await site.test.db.query("SELECT id FROM api_tokens WHERE description = 'laptop'")
            let own: String = try listed[0]["id"]
            #expect(page.contains("value=\"\(own)\"") && !id.isEmpty)
            #expect(try await browser.submit("/manage/account/token/delete/", ["id": own]).status == 303)
            #expect(try await browser.get("/manage/account/token/").text.contains("The token is deleted"))
            #expect(try await site.client.upload(.wheel("demo", "1.1"), authorization: "Bearer \(token)").status == 403)
            let history = try await browser.get("/manage/account/").text
            #expect(history.contains("API token added") && history.contains("API token removed") && history.contains("Logged in"))
        }
    }

    @Test func `a token may be bound to one of one's own projects, and to a time`() async throws {
        try await Site.runForPeople { site, browser in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.test.user("bob")
            let bobs = try await site.test.token(of: "bob")
            #expect(try await site.client.upload(.wheel("bobs-own", "1.0"), authorization: "Bearer \(bobs)").status == 200)
            try await browser.logIn("alice", Site.password)
            let page = try await browser.get("/manage/account/token/").text
            #expect(page.contains("name=\"project:demo\"") && !page.contains("bobs-own"))
            let token = try await make(browser, ["name": "ci", "project:demo": "on", "days": "30"])
            #expect(try await site.client.upload(.wheel("demo", "1.1"), authorization: "Bearer \(token)").status == 200)
            #expect(try await site.client.upload(.wheel("other", "1.0"), authorization: "Bearer \(token)").status == 403)
            site.test.clock.advance(by: .seconds(30 * 86400 + 1))
            #expect(try await site.client.upload(.wheel("demo", "1.2"), authorization: "Bearer \(token)").status == 403)
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/token/")
            for (fields, status) in [
                (["name": "", "days": ""], 422), (["name": "ci", "days": ""], 422), (["name": String(repeating: "a", count: 101), "days": ""], 422),
                (["name": "x", "project:bobs-own": "on", "days": ""], 422), (["name": "y", "project:nothing": "on", "days": ""], 422),
                (["name": "z", "days": "-1"], 422), (["name": "z", "days": "99999999999999999999"], 422),
            ] {
                let answer = try await browser.submit("/manage/account/token/", fields)
                #expect(answer.status == status, "\(fields)")
                #expect(!answer.text.contains("id=\"new-token\""))
            }
        }
    }

    // TOB-PYPI26-11
    @Test func `nobody deletes a token of somebody else`() async throws {
        try await Site.runForPeople { site, browser in
            try await site.test.user("bob")
            let bobs = try await site.test.token(of: "bob")
            let id: String = try await site.test.db.query(
                "SELECT t.id FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE u.username = 'bob'"
            )[0]["id"]
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/token/")
            for id in [id, "", "x", UUID().uuidString] {
                #expect(try await browser.submit("/manage/account/token/delete/", ["id": id]).status == 404)
            }
            #expect(try await site.client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(bobs)").status == 200)
        }
    }
}
