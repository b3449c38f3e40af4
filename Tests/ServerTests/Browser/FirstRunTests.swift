// From an empty index to a published package, with nothing but the site's own words.

import Foundation
import TestPrograms
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct FirstRunTests {
    /// What the browser found.
    private struct Found: Decodable {
        let faults: [String]
        let seen: [String]
        let token: String
    }

    @Test func `a person sets up an empty index in a browser and publishes with the token it shows`() async throws {
        try await EmptySite.run { site in
            let (program, client) = try await site.serve()
            try await waitUntil("somebody is invited") { program.output.contains("secret=") }
            let link = try #require(program.output.split(separator: "\n").first { $0.contains("/account/set-up/?secret=") })
            let path = try #require(link.range(of: "/account/").map { String(link[$0.lowerBound...]) })
            let found: Found = try await Chromium.visit("first_run.py", "http://127.0.0.1:\(client.port)", path)
            #expect(found.faults == [])
            #expect(found.seen.count >= 14)
            #expect(try await client.upload(.wheel("demo", "1.0"), authorization: "Bearer \(found.token)").status == 200)
            #expect(!(program.errors.contains(found.token) || program.errors.contains("secret=") || program.errors.contains("horse")))
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
            // Nobody is invited any more.
            let (again, _) = try await site.serve()
            again.signal(SIGTERM)
            let output = try await again.result().output
            #expect(!output.contains("secret="))
        }
    }
}
