// What people do in a real browser.

import Foundation
import TestPrograms
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct BrowserTests {
    /// What the browser found.
    private struct Found: Decodable {
        let faults: [String]
        let seen: [String]
        let token: String?
    }

    @Test func `a person sets up an empty index in a browser and publishes with the token it shows`() async throws {
        try await EmptySite.run { site in
            let (program, client) = try await site.serve()
            let found: Found = try await Chromium.visit("first_run.py", "http://127.0.0.1:\(client.port)", try await site.invitation(program))
            #expect(found.faults == [])
            #expect(found.seen.count >= 14)
            let token = try #require(found.token)
            #expect(try await client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(token)").status == 200)
            #expect(!(program.errors.contains(token) || program.errors.contains("secret=") || program.errors.contains("horse")))
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
            // Nobody is invited any more.
            let (again, _) = try await site.serve()
            again.signal(SIGTERM)
            let output = try await again.result().output
            #expect(!output.contains("secret="))
        }
    }

    @Test func `a stranger registers in a browser, verifies, adds factors, publishes with a token, and takes it back`() async throws {
        try await EmptySite.run { site in
            let settings = ["EMPORIUM_MAIL_URL": "directory:\(site.folder)/mails", "EMPORIUM_REGISTRATION": "open", "EMPORIUM_RATE_LIMITS": "off"]
            let (program, client) = try await site.serve(settings, isNamed: true)
            var uploads: [String] = []
            for version in ["1.0", "1.1"] {
                uploads.append("\(site.folder)/\(version)")
                try Data(UploadBuilder.wheel("demo", version).multipart()).write(to: URL(fileURLWithPath: uploads[uploads.count - 1]))
            }
            let found: Found = try await Chromium.visit("newcomer.py", "http://localhost:\(client.port)", uploads[0], uploads[1])
            #expect(found.faults == [])
            #expect(found.seen.count >= 15)
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }

    @Test func `a person adds an app, a security key and a passkey in a browser, and logs in with each`() async throws {
        try await EmptySite.run { site in
            let (program, client) = try await site.serve()
            // Browsers know keys for names, not for addresses of numbers.
            let base = "http://localhost:\(client.port)"
            let found: Found = try await Chromium.visit("second_factors.py", base, try await site.invitation(program))
            #expect(found.faults == [])
            #expect(found.seen.count >= 12)
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }
}
