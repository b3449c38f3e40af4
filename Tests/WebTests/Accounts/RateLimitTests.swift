// Limits: what operators say of them, and what answers tell (platform §1.5, index §10).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct RateLimitTests {
    @Test func `an operator gives a limit other windows`() async throws {
        var settings = IndexSettings()
        settings.rateLimits = try RateLimitOverrides("ip.login=3/1min+5/1h, email.add=1/30d")
        try await Site.runForPeople(settings) { site, _ in
            for expected in [422, 422, 422, 429] {
                let answer = try await site.logIn("nobody", "wrong, wrong")
                #expect(answer.status == expected)
            }
        }
    }

    @Test(arguments: [
        "ip.login", "ip.login=", "ip.login=1", "ip.login=0/5min", "ip.login=x/5min", "ip.login=1/5", "ip.login=1/5weeks", "ip.login=1/31d",
        "no.such=1/1d", "ip.login=1/0s", "ip.login=1/5min+",
    ])
    func `what is no limit is said to be none`(text: String) {
        #expect(throws: RateLimitOverrides.Fault.self) { try RateLimitOverrides(text) }
    }

    // index §2.6, §10.2
    @Test func `so many projects are made in an hour, and the answer says how many are left`() async throws {
        var settings = IndexSettings()
        settings.rateLimits = try RateLimitOverrides("project.create.user=2/1h project.create.ip=5/10min+8/1h")
        try await Site.run(settings) { site in
            let first = try await site.publish(.wheel("one", "1.0"))
            #expect(first["RateLimit-Policy"]?.contains("\"project.create.user\";q=2;w=3600;pk=:user:") == true)
            #expect(first["RateLimit-Policy"]?.contains("\"project.create.ip-1\";q=8;w=3600;pk=:ip:") == true)
            #expect(first["RateLimit"]?.contains("\"project.create.user\";r=1;t=") == true)
            try await site.publish(.wheel("two", "1.0"))
            let late = try await site.client.upload(.wheel("three", "1.0"), authorization: site.bearer)
            #expect(late.status == 429 && late["Retry-After"] != nil && late.statusLine.contains("Too many new projects"))
            #expect(late["RateLimit"]?.contains("\"project.create.user\";r=0") == true)
            // What is there goes on being published.
            let next = try await site.publish(.wheel("one", "1.1"))
            #expect(next["RateLimit"] == nil)
            #expect(try await site.test.db.query("SELECT name FROM projects").count == 2)
        }
    }

    @Test func `of logins nobody is told how many are left`() async throws {
        try await Site.runForPeople { _, browser in
            let wrong = try await browser.logIn("alice", "wrong, wrong")
            #expect(wrong["RateLimit"] == nil && wrong["RateLimit-Policy"] == nil)
        }
    }

    @Test func `an address that was verified gives back what was counted for it`() async throws {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        try await Site.runForPeople(settings) { site, browser in
            try await browser.logIn("alice", Site.password)
            for round in 0..<3 {
                for number in 0..<2 {
                    try await browser.get("/manage/account/")
                    let address = "a\(round)-\(number)@example.org"
                    #expect(try await browser.submit("/manage/account/email/add/", ["email": address]).status == 303, "\(address)")
                }
                #expect(try await browser.submit("/manage/account/email/add/", ["email": "late@example.org"]).status == 429)
                let mail = try #require(try await site.test.takeMails().first { $0.subject.hasSuffix("Verify your email address") })
                let path = String(try #require(mail.text.firstMatch(of: /https?:\/\/[^\/]+(\/account\/\S+)/)).output.1)
                try await browser.get(path)
            }
        }
    }
}
