import Registry
import SQLDatabase
import TestSupport
import Testing

/// What is taken back while an upload is on its way does not let it through.
@Suite struct `What happens during an upload` {
    private func publish(_ upload: UploadBuilder, meanwhile statement: SQL, isSecond: Bool) async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            if isSecond { try await test.publish(.wheel("demo", "0.1"), token: token) }
            let storage = WatchedStorage(storage: test.storage, afterPut: { _ = try await test.db.write { try $0.execute(statement) } })
            let received = try upload.received(as: .token(token), in: test.folder)
            let rejection = await refusal { _ = try await test.index(storage: storage).publish(received) }
            #expect(rejection.reason == .forbidden, "\(rejection)")
            // The run checks that the bytes are gone.
            #expect(try await test.db.query("SELECT id FROM files WHERE filename = \(upload.filename)").isEmpty)
            #expect(try await test.db.query("SELECT id FROM projects").count == (isSecond ? 1 : 0))
        }
    }

    @Test(
        arguments: [
            "DELETE FROM api_tokens", "UPDATE users SET is_frozen = TRUE", "UPDATE users SET is_active = FALSE",
            "UPDATE flags SET is_on = TRUE WHERE name = 'read-only'", "UPDATE flags SET is_on = TRUE WHERE name = 'disallow-new-upload'",
            "UPDATE emails SET is_verified = FALSE",
        ] as [SQL],
        [true, false]
    )
    func `a token, a user or a site that is closed while the bytes are stored publishes nothing`(statement: SQL, isSecond: Bool) async throws {
        try await publish(.wheel("demo", "1.0"), meanwhile: statement, isSecond: isSecond)
    }

    @Test(
        arguments: [
            "DELETE FROM roles", "UPDATE projects SET lifecycle_status = 'archived-noindex'",
            "UPDATE api_tokens SET caveats = '[\"[0, 1, 0]\"]'",
        ] as [SQL]
    )
    func `a role, a project or a token that is narrowed meanwhile does not either`(statement: SQL) async throws {
        try await publish(.wheel("demo", "1.0"), meanwhile: statement, isSecond: true)
    }

    @Test func `no project comes into being after new projects were switched off`() async throws {
        let statement: SQL = "UPDATE flags SET is_on = TRUE WHERE name = 'disallow-new-project-registration'"
        try await publish(.wheel("demo", "1.0"), meanwhile: statement, isSecond: false)
    }

    @Test func `a project whose organization becomes inactive meanwhile takes nothing`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("demo", "0.1"), token: token)
            try await test.db.write { tx in
                try tx.execute("INSERT INTO organizations (name, normalized_name, is_active, created_at) VALUES ('Acme', 'acme', TRUE, 0)")
                try tx.execute("UPDATE projects SET organization_id = (SELECT id FROM organizations)")
            }
            let storage = WatchedStorage(
                storage: test.storage,
                afterPut: { _ = try await test.db.write { try $0.execute("UPDATE organizations SET is_active = FALSE") } }
            )
            let received = try UploadBuilder.wheel("demo", "1.0").received(as: .token(token), in: test.folder)
            let rejection = await refusal { _ = try await test.index(storage: storage).publish(received) }
            #expect(rejection.reason == .invalid && rejection.message.contains("Acme"))
            #expect(try await test.db.query("SELECT id FROM files").count == 1)
        }
    }
}
