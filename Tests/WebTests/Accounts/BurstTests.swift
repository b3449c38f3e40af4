// Many at once never get more than a limit allows: a place is taken before the work.

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

@Suite struct BurstTests {
    private static func rejection() -> (Int) -> Rejection { { Rejection(.rateLimited(retryAfter: $0), "Too many.") } }

    /// Runs `body` as often at once, and counts the times that it did not throw.
    private func burst(_ count: Int, _ body: @escaping @Sendable () async throws -> Void) async -> Int {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<count {
                group.addTask {
                    do {
                        try await body()
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }

    // Findings 6 and 7: looking first and counting afterwards let a burst of hundreds pass a limit of five.
    @Test(arguments: RateLimit.all.map(\.name))
    func `of a thousand attempts at once no more get a place than the limit has`(name: String) async throws {
        let limit = try #require(RateLimit.all.first { $0.name == name })
        var settings = IndexSettings()
        // The limit's own counts, in windows that do not move while the test runs.
        let windows = limit.windows.enumerated().map { "\($1.count)/\($0 + 1)h" }.joined(separator: "+")
        settings.rateLimits = try RateLimitOverrides("\(name)=\(windows)")
        try await TestIndex.run(settings: settings) { test in
            let limiter = test.index.limiter
            let count = try #require(limit.windows.map(\.count).min())
            let taken = await burst(1000) { _ = try await limiter.take([(limit, "somebody")], else: Self.rejection()) }
            #expect(taken == min(count, 1000))
            // Attempts that were refused have filled the longer windows as far as they go.
            for _ in 0..<(count <= 1000 ? 2 : 0) {
                await #expect(throws: Rejection.self) { _ = try await limiter.take([(limit, "somebody")], else: Self.rejection()) }
            }
            #expect(await limiter.hit(limit, "somebody else") == nil)
        }
    }

    @Test func `a place that is given back is there again, and a refused attempt keeps no place in the limits before`() async throws {
        try await TestIndex.run { test in
            let limiter = test.index.limiter
            for _ in 0..<50 {
                let places = try await limiter.take([(.loginByUser, "a"), (.loginByAddress, "here")], else: Self.rejection())
                await limiter.giveBack(places)
            }
            for _ in 0..<10 { _ = try await limiter.take([(.loginByAddress, "here")], else: Self.rejection()) }
            for _ in 0..<50 {
                await #expect(throws: Rejection.self) {
                    _ = try await limiter.take([(.loginByUser, "a"), (.loginByAddress, "here")], else: Self.rejection())
                }
            }
            // The user's own limit was never used.
            for _ in 0..<10 { _ = try await limiter.take([(.loginByUser, "a")], else: Self.rejection()) }
        }
    }

    @Test func `of forty registrations at once two become accounts`() async throws {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        try await TestIndex.run(settings: settings) { test in
            let source = RequestSource(address: "192.0.2.1", userAgent: nil)
            let made = await burst(40) {
                let name = "u\(UUID().uuidString.prefix(8).lowercased())"
                _ = try await test.index.register(
                    username: name,
                    name: "",
                    email: "\(name)@example.org",
                    password: "seven green bottles",
                    source: source
                )
            }
            #expect(made <= 2)
            #expect(try await test.db.query("SELECT 1 AS found FROM users").count == made)
            _ = try await test.takeMails()
        }
    }

    // Finding 8.
    @Test func `a registration with a name or address that is taken hashes no password, and counts`() async throws {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        settings.rateLimits = try RateLimitOverrides("registration=5/1d")
        try await TestIndex.run(settings: settings) { test in
            try await test.user("alice")
            let source = RequestSource(address: "192.0.2.1", userAgent: nil)
            var reasons: [String] = []
            for number in 0..<7 {
                let isName = number % 2 == 0
                do {
                    _ = try await test.index.register(
                        username: isName ? "alice" : "bob",
                        name: "",
                        email: isName ? "bob@example.org" : "alice@example.org",
                        password: "seven green bottles",
                        source: source
                    )
                } catch let rejection as Rejection {
                    if case .rateLimited = rejection.reason { reasons.append("limited") } else { reasons.append(rejection.field ?? "") }
                }
            }
            #expect(reasons == ["username", "email", "username", "email", "username", "limited", "limited"])
        }
    }

    @Test func `of a hundred wrong passwords at once ten are checked`() async throws {
        try await Site.runForPeople { site, _ in
            let source = RequestSource(address: "198.51.100.9", userAgent: nil)
            _ = await burst(100) { _ = try await site.test.index.logIn("alice", password: "wrong, wrong", source: source) }
            let failures = try await site.test.db.query("SELECT 1 AS found FROM events WHERE tag = 'account:login:failure'").count
            #expect((1...10).contains(failures))
        }
    }

    @Test func `of many wrong codes at once five are judged, and right passwords and codes use nothing up`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            let own = try await browser.enrol(at: site)
            let user = try #require(try await site.test.db.read { try $0.users.find("alice") })
            let source = RequestSource(address: "127.0.0.1", userAgent: nil)
            for _ in 0..<12 {
                _ = try await site.test.index.finishLogin(of: user, code: site.code(own.totp), source: source)
                site.test.clock.advance(by: .seconds(60))
            }
            let before = try await site.test.db.query("SELECT 1 AS found FROM events WHERE tag = 'account:login:failure'").count
            _ = await burst(200) { _ = try await site.test.index.finishLogin(of: user, code: "000000", source: source) }
            let judged = try await site.test.db.query("SELECT 1 AS found FROM events WHERE tag = 'account:login:failure'").count - before
            #expect((1...5).contains(judged))
        }
    }

    @Test func `of many new projects at once as many are made as may be`() async throws {
        var settings = IndexSettings()
        settings.limitsNewProjects = true
        settings.rateLimits = try RateLimitOverrides("project.create.user=3/1h")
        try await Site.run(settings) { site in
            let published = await burst(12) {
                let answer = try await site.client.upload(
                    .wheel("demo\(UUID().uuidString.prefix(6).lowercased())", "1.0"),
                    authorization: site.bearer
                )
                guard answer.status == 200 else { throw Rejection(.rateLimited(retryAfter: 1), "Too many.") }
            }
            #expect(published == 3)
            let projects = try await site.test.db.query("SELECT 1 AS found FROM projects")
            #expect(projects.count == 3)
        }
    }
}
