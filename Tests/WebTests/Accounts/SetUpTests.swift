// The first administrator of an empty index.

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct SetUpTests {
    private let fields = ["username": "mona", "email": "mona@example.org", "password": "correct horse", "password_confirm": "correct horse"]

    @Test func `whoever has the link becomes the administrator, and the link opens nothing after that`() async throws {
        try await TestIndex.run { test in
            let made = try await test.index.setUpSecret()
            let secret = try #require(made)
            try await test.serve { client in
                let browser = Browser(client)
                let page = try await browser.get("/account/set-up/?secret=\(secret)")
                #expect(page.status == 200 && page["Cache-Control"] == "private, no-store")
                let made = try await browser.submit("/account/set-up/", fields.merging(["secret": secret]) { $1 })
                #expect(made.status == 303 && made["Location"] == "/manage/account/token/")
                #expect(try await browser.get("/manage/account/token/").text.contains("Your account is ready"))
                let found = try await test.db.read { try $0.users.find("mona") }
                let user = try #require(found)
                let isVerified = try await test.db.read { try $0.emails.hasVerifiedPrimary(userID: user.id) }
                #expect(user.isSuperuser && isVerified)
                let late = Browser(client)
                #expect(try await late.get("/account/set-up/?secret=\(secret)").status == 410)
                #expect(try await test.index.setUpSecret() == nil)
                try await late.get("/account/login/")
                let again = try await late.submit("/account/set-up/", fields.merging(["secret": secret, "username": "eve"]) { $1 })
                #expect(again.status == 410)
                let eve = try await test.db.read { try $0.users.find("eve") }
                #expect(eve == nil)
            }
        }
    }

    @Test func `without the link nobody becomes anything`() async throws {
        try await TestIndex.run { test in
            try await test.serve { client in
                let browser = Browser(client)
                for secret in ["", "x", String(repeating: "0", count: 40)] {
                    #expect(try await browser.get("/account/set-up/?secret=\(secret)").status == 410)
                    try await browser.get("/account/login/")
                    #expect(try await browser.submit("/account/set-up/", fields.merging(["secret": secret]) { $1 }).status == 410)
                }
                #expect(try await browser.get("/account/set-up/").status == 410)
                #expect(try await test.db.query("SELECT 1 AS found FROM users").isEmpty)
            }
        }
    }

    @Test func `of many who use the link at once one becomes the administrator`() async throws {
        try await TestIndex.run { test in
            let secret = try await test.index.setUpSecret() ?? ""
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        (try? await test.index.setUp(
                            secret: secret,
                            username: "user\(number)",
                            email: "\(number)@example.org",
                            password: "correct horse",
                            source: RequestSource()
                        )) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
            #expect(try await test.db.query("SELECT 1 AS found FROM users").count == 1)
        }
    }

    @Test func `what is wrong is said at its field, and what was right stays`() async throws {
        try await TestIndex.run { test in
            let secret = try await test.index.setUpSecret() ?? ""
            try await test.serve { client in
                let browser = Browser(client)
                try await browser.get("/account/set-up/?secret=\(secret)")
                for (field, value) in [("username", "-mona"), ("email", "nowhere"), ("password_confirm", "other"), ("username", "")] {
                    let answer = try await browser.submit("/account/set-up/", fields.merging(["secret": secret, field: value]) { $1 })
                    #expect(answer.status == 422 && answer.text.contains("id=\"\(field)-fault\""), "\(field)")
                    #expect(!answer.text.contains("correct horse"))
                }
                let short = try await browser.submit(
                    "/account/set-up/",
                    fields.merging(["secret": secret, "password": "a", "password_confirm": "a"]) { $1 }
                )
                #expect(short.status == 422 && short.text.contains("id=\"password-fault\"") && short.text.contains("value=\"mona\""))
                #expect(try await test.db.query("SELECT 1 AS found FROM users").isEmpty)
            }
        }
    }
}
