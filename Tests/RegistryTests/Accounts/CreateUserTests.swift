import Registry
import SQLDatabase
import TestSupport
import Testing

@Suite struct `Creating a user` {
    @Test func `a user can be found by name in any case, and the address counts as verified`() async throws {
        try await TestIndex.run { test in
            try await test.index.createUser(username: "Alice", email: "alice@example.org", password: "correct horse battery")
            let user = try await test.db.read { tx in
                let user = try #require(try tx.users.find("aLICE"))
                #expect(try tx.emails.hasVerifiedPrimary(userID: user.id))
                return user
            }
            #expect(user.username == "Alice")
            #expect(user.passwordHash?.hasPrefix("$argon2id$") == true)
        }
    }

    @Test(arguments: ["", "-a", "a-", "a b", "é", String(repeating: "a", count: 51)])
    func `a malformed name is refused`(name: String) async throws {
        try await TestIndex.run { test in
            #expect(await refusal { try await test.index.createUser(username: name, email: "a@example.org") }.field == "username")
        }
    }

    @Test func `names and addresses are taken once, whatever their case`() async throws {
        try await TestIndex.run { test in
            try await test.user("alice")
            #expect(await refusal { try await test.index.createUser(username: "ALICE", email: "b@example.org") }.reason == .conflict)
            #expect(await refusal { try await test.index.createUser(username: "bob", email: "Alice@Example.org") }.field == "email")
        }
    }

    @Test func `no address is no user`() async throws {
        try await TestIndex.run { test in
            #expect(await refusal { try await test.index.createUser(username: "bob", email: "nowhere") }.field == "email")
        }
    }
}
