import Credentials
import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

/// Steps 11 to 15 of index §2.3, and the creation of projects (§2.6).
@Suite struct `Who may upload` {
    private let first = UploadBuilder.wheel("Demo.Project", "1.0")
    private let second = UploadBuilder.wheel("Demo.Project", "2.0")

    @Test func `step 11: the first upload creates the project, its owner, and the journal of both`() async throws {
        try await TestIndex.run { test in
            let user = try await test.user()
            try await test.publish(first, token: try await test.token())
            let (project, role) = try await test.db.read { tx in
                let project = try #require(try tx.projects.find(.init(normalizing: "demo-project")))
                return (project, try tx.roles.find(projectID: project.id, userID: user.id))
            }
            #expect(project.name == "Demo.Project")
            #expect(role?.name == .owner)
            let actions = try await test.db.query("SELECT action, version, submitted_by FROM journal ORDER BY serial")
            #expect(
                try actions.map { try $0["action", as: String.self] } == [
                    "create", "add Owner alice", "new release", "add py3 file demo_project-1.0-py3-none-any.whl",
                ]
            )
            #expect(try actions.map { try $0["version", as: String?.self] } == [nil, nil, "1.0", "1.0"])
            #expect(project.lastSerial == 4)
            let events = try await test.db.query("SELECT tag FROM events ORDER BY id").map { try $0["tag", as: String.self] }
            #expect(events.contains("project:create") && events.contains("project:release:add") && events.contains("file:add"))
        }
    }

    @Test(arguments: ["xml.etree", "CGIHTTPServer", "test", "requirements.txt", "rrequirements-txt"])
    func `step 11: names of the standard library and prohibited names are refused`(name: String) async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let rejection = await refusal { try await test.publish(.wheel(name, "1.0"), token: token) }
            #expect(rejection.reason == .invalid)
            #expect(rejection.message.contains("#project-name"))
        }
    }

    @Test func `step 11: a name that can be mistaken for another is refused without naming the other`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("tooLbox", "1.0"), token: token)
            let rejection = await refusal { try await test.publish(.wheel("t00l-b0x", "1.0"), token: token) }
            #expect(rejection.message.contains("too similar"))
            #expect(!rejection.message.contains("tooLbox"))
        }
    }

    @Test func `step 11: new projects can be switched off while old ones go on`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(first, token: token)
            try await test.db.write { try $0.flags.set(.disallowNewProjectRegistration, true) }
            #expect(await refusal { try await test.publish(.wheel("another", "1.0"), token: token) }.reason == .forbidden)
            #expect(try await test.publish(second, token: token) == .published())
        }
    }

    @Test func `step 12: somebody without a role may not upload`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            try await test.user("mallory")
            try await test.publish(first, token: try await test.token())
            let token = try await test.token(of: "mallory")
            let rejection = await refusal { try await test.publish(second, token: token) }
            #expect(rejection.reason == .forbidden)
            #expect(rejection.message.contains("mallory") && rejection.message.contains("Demo.Project"))
        }
    }

    @Test func `step 12: a maintainer may upload, and nobody to an archived project`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let bob = try await test.user("bob")
            try await test.publish(first, token: try await test.token())
            try await test.db.write { tx in
                let project = try #require(try tx.projects.find(.init(normalizing: "demo-project")))
                try tx.roles.insert(Role(userID: bob.id, projectID: project.id, name: .maintainer))
            }
            let token = try await test.token(of: "bob")
            #expect(try await test.publish(second, token: token) == .published())
            try await test.db.write { try $0.execute("UPDATE projects SET lifecycle_status = 'archived-noindex'") }
            #expect(await refusal { try await test.publish(.wheel("Demo.Project", "3.0"), token: token) }.reason == .forbidden)
        }
    }

    @Test func `step 12: a token bound to a project opens that project alone`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(first, token: token)
            try await test.publish(.wheel("other", "1.0"), token: token)
            let bound = try await test.token(project: "demo.project")
            #expect(try await test.publish(second, token: bound) == .published())
            let rejection = await refusal { try await test.publish(.wheel("other", "2.0"), token: bound) }
            #expect(rejection.message.hasPrefix("Invalid API Token:"))
            #expect(await refusal { try await test.publish(.wheel("brand-new", "1.0"), token: bound) }.reason == .forbidden)
        }
    }

    @Test func `step 12: an expired token opens nothing, and says so`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token(expiresAt: test.clock.clock.now() + 60_000_000)
            #expect(try await test.publish(first, token: token) == .published())
            test.clock.advance(by: .seconds(61))
            #expect(await refusal { try await test.publish(second, token: token) }.message.hasPrefix("Invalid API Token:"))
        }
    }

    @Test func `step 12: a caveat that a user added offline holds, and one added on the server too`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(first, token: token)
            var attenuated = try Macaroon(token: token)
            attenuated.addCaveat(Caveat.projectName(["other"]).json)
            let weaker = attenuated.token
            #expect(await refusal { try await test.publish(second, token: weaker) }.reason == .forbidden)
            try await test.db.write { try $0.execute("UPDATE api_tokens SET caveats = '[\"[1,[\\\"other\\\"]]\"]'") }
            #expect(await refusal { try await test.publish(second, token: token) }.reason == .forbidden)
        }
    }

    @Test func `a forged signature opens nothing`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let genuine = try Macaroon(token: try await test.token())
            var forged = Macaroon(location: genuine.location, identifier: genuine.identifier, rootKey: [UInt8](repeating: 7, count: 32))
            for caveat in genuine.caveats { forged.addCaveat(caveat.identifier) }
            let token = forged.token
            #expect(await refusal { try await test.publish(first, token: token) }.message.contains("#invalid-auth"))
        }
    }

    @Test func `step 13: a user without a verified primary address may not upload`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.db.write { try $0.execute("UPDATE emails SET is_verified = FALSE") }
            let rejection = await refusal { try await test.publish(first, token: token) }
            #expect(rejection.reason == .forbidden)
            #expect(rejection.message.contains("alice") && rejection.message.contains("#verified-email"))
        }
    }

    @Test(arguments: [IndexSettings.SecondFactor.uploads, .required])
    func `step 14: where a second factor is asked for, tokens of accounts without one are refused, the operator's pass`(
        rule: IndexSettings.SecondFactor
    ) async throws {
        var settings = IndexSettings()
        settings.secondFactor = rule
        try await TestIndex.run(settings: settings) { test in
            try await test.user()
            let token = try await test.token(origin: .account)
            let rejection = await refusal { try await test.publish(first, token: token) }
            #expect(rejection.message.contains("#two-factor") && rejection.message.contains("EMPORIUM_SECOND_FACTOR"))
            #expect(try await test.publish(first, token: try await test.token(origin: .operator_)) == .published())
            try await test.db.write { try $0.execute("UPDATE users SET has_second_factor = TRUE") }
            #expect(try await test.publish(second, token: token) == .published())
        }
    }

    @Test func `step 15: an inactive organization's projects take no uploads`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(first, token: token)
            try await test.db.write { tx in
                try tx.execute("INSERT INTO organizations (name, normalized_name, is_active, created_at) VALUES ('Acme', 'acme', FALSE, 0)")
                try tx.execute("UPDATE projects SET organization_id = (SELECT id FROM organizations)")
            }
            let rejection = await refusal { try await test.publish(second, token: token) }
            #expect(rejection.reason == .invalid)
            #expect(rejection.message.contains("Acme"))
        }
    }

    @Test func `the spelling of the newest upload becomes the project's name`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(first, token: token)
            try await test.publish(second.with("name", "demo_PROJECT"), token: token)
            #expect(try await test.db.query("SELECT name FROM projects")[0]["name", as: String.self] == "demo_PROJECT")
        }
    }
}
