// A session ends when it ends, and a look around keeps nothing.

import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

@Suite struct EndedSessionTests {
    // Finding 9: a request that was under way wrote the session back after the logout had deleted it.
    @Test func `a logout beside six requests that change the session ends it`() async throws {
        try await Site.runForPeople { site, browser in
            for _ in 0..<5 {
                try await browser.logIn("alice", Site.password)
                let stolen = try #require(browser.session)
                try await browser.get("/account/logout/")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<6 {
                        group.addTask {
                            let thief = Browser(site.client)
                            thief.setSession(stolen)
                            for _ in 0..<5 { _ = try await thief.get("/locale/?locale_id=de") }
                        }
                    }
                    group.addTask {
                        let answer = try await browser.submit("/account/logout/", [:])
                        #expect(answer.status == 303)
                    }
                    try await group.waitForAll()
                }
                let thief = Browser(site.client)
                thief.setSession(stolen)
                #expect(try await thief.get("/manage/account/").status == 303)
                #expect(try await site.test.db.query("SELECT 1 AS found FROM sessions WHERE user_id IS NOT NULL").isEmpty)
            }
        }
    }

    @Test func `a session that was read is changed only while it is there`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            var session = Session()
            test.index.begin(&session, for: user)
            let id = SessionID()
            try await test.index.keepSession(session, as: id)
            #expect(try await test.index.openSession(id)?.visitor?.user.username == "alice")
            try await test.index.endSession(id)
            try await test.index.keepSession(session, as: id, isNew: false)
            #expect(try await test.index.openSession(id) == nil)
        }
    }

    // Finding 10: 7,299 GETs of a stranger made 7,299 rows.
    @Test func `a stranger's GETs keep nothing, on any route`() async throws {
        try await Site.runForPeople { site, _ in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.test.runJobs()
            func rows() async throws -> [Int] {
                var counts: [Int] = []
                for statement: SQL in [
                    "SELECT COUNT(*) AS count FROM sessions", "SELECT COUNT(*) AS count FROM events", "SELECT COUNT(*) AS count FROM jobs",
                    "SELECT COUNT(*) AS count FROM users", "SELECT COUNT(*) AS count FROM pending_logins",
                    "SELECT COUNT(*) AS count FROM known_logins",
                ] { counts.append(try await site.test.db.query(statement)[0]["count"]) }
                return counts
            }
            let before = try await rows()
            for route in Routes.all where route.methods.contains(.get) {
                let path = route.pattern.replacing("{name}", with: "demo").replacing("{version}", with: "1.0").replacing("{username}", with: "alice")
                let browser = Browser(site.client)
                for query in ["", "?locale_id=de", "?next=/", "?token=x", "?secret=x"] { _ = try await browser.get(path + query) }
            }
            #expect(try await rows() == before)
        }
    }

    @Test func `a challenge belongs to its session, lives five minutes, and is answered once`() async throws {
        try await TestIndex.run { test in
            let secrets = test.index.secrets
            let (id, other) = (SessionID(), SessionID())
            let now = test.clock.clock.now()
            let challenge = secrets.challenge(for: id, now: now)
            #expect(challenge != secrets.challenge(for: id, now: now))
            #expect(secrets.isChallenge(challenge, for: id, now: now))
            #expect(!secrets.isChallenge(challenge, for: other, now: now))
            #expect(secrets.isChallenge(challenge, for: id, now: now + 299 * 1_000_000))
            #expect(!secrets.isChallenge(challenge, for: id, now: now + 300 * 1_000_000))
            #expect(!secrets.isChallenge(challenge, for: id, now: now - 1))
            for position in [0, 8, 24, challenge.count - 1] {
                var changed = challenge
                changed[position] ^= 1
                #expect(!secrets.isChallenge(changed, for: id, now: now))
            }
            for bad in [[], Array(challenge.dropLast()), challenge + [0]] { #expect(!secrets.isChallenge(bad, for: id, now: now)) }
            let taken = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { await test.index.takeChallenge(challenge) } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 1)
        }
    }

    // Finding 13: each segment of the Referer matched the whole path again.
    @Test func `the way back from choosing a language is found for pages alone, however long the address is`() async throws {
        try await Site.run { site in
            let browser = Browser(site.client)
            for (referer, expected) in [
                ("/help/", "/help/"), ("/manage/account/token/delete/", "/manage/account/token/"), (String(repeating: "/a", count: 1000), "/"),
                ("/search/?q=demo", "/search/?q=demo"),
            ] {
                let answer = try await browser.get("/locale/?locale_id=de", referer: "http://127.0.0.1\(referer)")
                #expect(answer["Location"] == expected, "\(referer.prefix(40))")
            }
        }
    }
}
