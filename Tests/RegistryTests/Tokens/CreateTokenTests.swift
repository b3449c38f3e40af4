import Credentials
import Registry
import SQLDatabase
import TestSupport
import Testing

@Suite struct `Creating a token` {
    @Test func `a token carries the site's host and its user, and its key is kept only sealed`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            let token = try await test.token()
            #expect(token.hasPrefix("pypi-"))
            let macaroon = try Macaroon(token: token)
            #expect(macaroon.location == "127.0.0.1")
            #expect(macaroon.caveats.map { String(decoding: $0.identifier, as: UTF8.self) } == ["[3,\"\(user.uuid)\"]"])
            let row = try await test.db.query("SELECT * FROM api_tokens")[0]
            #expect(!macaroon.hasValidSignature(rootKey: try row["sealed_key"]))
        }
    }

    @Test func `a token for a project needs a role on it`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.user("mallory")
            try await test.publish(.wheel("demo", "1.0"), token: try await test.token())
            #expect(await refusal { _ = try await test.token(of: "mallory", project: "demo") }.reason == .notFound)
            let macaroon = try Macaroon(token: try await test.token(project: "Demo"))
            #expect(macaroon.caveats.count == 2)
        }
    }

    @Test func `a user's tokens have different names`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            _ = try await test.index.createToken(for: "alice", NewToken(description: "laptop", origin: .account))
            #expect(
                await refusal { _ = try await test.index.createToken(for: "alice", NewToken(description: "laptop", origin: .account)) }.reason
                    == .conflict
            )
        }
    }

    @Test func `an unknown user gets none`() async throws {
        try await TestIndex.run { test in #expect(await refusal { _ = try await test.token(of: "nobody") }.reason == .notFound) }
    }
}
