import Registry
import SQLDatabase
import TestSupport
import Testing

/// Steps 2 to 7 of index §2.3. (Step 1, HTTPS and a decodable form, is Web's.)
@Suite struct `Admission of an upload` {
    private let upload = UploadBuilder.wheel("demo", "1.0")

    @Test func `step 2: a text field that comes as a file is refused by name`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            var received = try upload.received(as: .token(try await test.token()), in: test.folder)
            received.misplacedFiles = ["summary"]
            let rejection = await refusal { _ = try await test.index.publish(received) }
            #expect(rejection.reason == .invalid)
            #expect(rejection.message.contains("summary"))
        }
    }

    @Test func `step 2: a value of UNKNOWN counts as absent`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(upload.with("summary", " UNKNOWN ").with("author_email", "UNKNOWN"), token: token)
            let summary = try await test.db.query("SELECT summary, author_email FROM releases")[0]
            #expect(try summary["summary", as: String?.self] == nil)
            #expect(try summary["author_email", as: String?.self] == nil)
        }
    }

    @Test func `step 2: a NUL becomes visible text`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.publish(upload.with("summary", "a\0b"), token: try await test.token())
            #expect(try await test.db.query("SELECT summary FROM releases")[0]["summary", as: String.self] == "a\\x00b")
        }
    }

    @Test func `step 3: a read-only index takes no uploads, whoever sends them`() async throws {
        try await TestIndex.run { test in
            try await test.db.write { try $0.flags.set(.readOnly, true) }
            let rejection = await refusal { _ = try await test.index.publish(upload.received(as: .none, in: test.folder)) }
            #expect(rejection.reason == .forbidden)
            #expect(rejection.message.contains("read-only"))
        }
    }

    @Test func `step 4: uploads can be switched off`() async throws {
        try await TestIndex.run { test in
            try await test.db.write { try $0.flags.set(.disallowNewUpload, true) }
            let rejection = await refusal { _ = try await test.index.publish(upload.received(as: .password(username: "alice"), in: test.folder)) }
            #expect(rejection.reason == .forbidden)
            #expect(rejection.message.contains("/help/#admin-intervention"))
        }
    }

    @Test func `step 5: passwords are refused with a pointer to tokens`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let rejection = await refusal { _ = try await test.index.publish(upload.received(as: .password(username: "alice"), in: test.folder)) }
            #expect(rejection.reason == .forbidden)
            #expect(rejection.message.contains("#apitoken") && rejection.message.contains("#trusted-publishers"))
        }
    }

    @Test(arguments: ["", "pypi-", "pypi-AAAA", "not a token", "npm-AgEIcHlwaS5vcmc"])
    func `step 6: what is no token is refused`(text: String) async throws {
        try await TestIndex.run { test in
            let rejection = await refusal { try await test.publish(upload, token: text) }
            #expect(rejection.reason == .forbidden)
            #expect(rejection.message.contains("#invalid-auth"))
        }
    }

    @Test func `step 6: no credentials at all are refused`() async throws {
        try await TestIndex.run { test in
            let rejection = await refusal { _ = try await test.index.publish(upload.received(as: .none, in: test.folder)) }
            #expect(rejection.reason == .forbidden)
        }
    }

    @Test func `step 6: a disabled or frozen user's token opens nothing`() async throws {
        for column in ["is_active = FALSE", "is_frozen = TRUE"] {
            try await TestIndex.run { test in
                try await test.user()
                let token = try await test.token()
                try await test.db.write { try $0.execute(SQL(trusting: "UPDATE users SET \(column)")) }
                #expect(await refusal { try await test.publish(upload, token: token) }.message.contains("#invalid-auth"))
            }
        }
    }

    @Test func `step 6: another site's token opens nothing`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let stranger = try await test.token()
            try await test.db.write { try $0.execute("DELETE FROM api_tokens") }
            #expect(await refusal { try await test.publish(upload, token: stranger) }.reason == .forbidden)
        }
    }

    @Test func `step 7: only protocol version 1 is known`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            #expect(await refusal { try await test.publish(upload.with("protocol_version", "2"), token: token) }.message.contains("protocol version"))
            #expect(try await test.publish(upload.with("protocol_version", nil), token: token) == .published())
        }
    }
}
