// Guessing passwords (platform §1.5, §1.7).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct LoginLimitTests {
    @Test func `after ten wrong passwords even the right one has to wait, elsewhere it has not`() async throws {
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.runForPeople(web: web) { site, browser in
            func logIn(_ username: String, _ password: String, from address: String) async throws -> RawResponse {
                let browser = Browser(site.client)
                try await browser.get("/account/login/")
                return try await browser.submit(
                    "/account/login/",
                    ["username": username, "password": password],
                    headers: ["X-Forwarded-For": address]
                )
            }
            // Against nobody in particular: the address is what counts.
            for _ in 0..<10 { #expect(try await logIn("nobody", "wrong, wrong", from: "192.0.2.1").status == 422) }
            let late = try await logIn("alice", Site.password, from: "192.0.2.1")
            #expect(late.status == 429 && late.text.contains("too many wrong passwords"))
            #expect(try #require(late["Retry-After"].flatMap { Int($0) }) <= 301)
            #expect(try await logIn("alice", Site.password, from: "192.0.2.2").status == 303)
            // Against one user, from everywhere.
            for number in 0..<10 { #expect(try await logIn("alice", "wrong, wrong", from: "198.51.100.\(number)").status == 422) }
            #expect(try await logIn("alice", Site.password, from: "203.0.113.1").status == 429)
        }
    }

    @Test func `what is right is not counted`() async throws {
        try await Site.runForPeople { site, _ in
            for _ in 0..<12 {
                let answer = try await Browser(site.client).logIn("alice", Site.password)
                #expect(answer.status == 303)
            }
        }
    }

    @Test func `limits can be switched off`() async throws {
        var settings = IndexSettings()
        settings.limitsRates = false
        try await Site.runForPeople(settings) { site, _ in
            for _ in 0..<12 {
                let wrong = try await Browser(site.client).logIn("alice", "wrong, wrong")
                #expect(wrong.status == 422)
            }
            let right = try await Browser(site.client).logIn("alice", Site.password)
            #expect(right.status == 303)
        }
    }
}
