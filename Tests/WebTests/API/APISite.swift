// Projects with something to say in each member of the API's answers.

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

extension Site {
    /// Runs `body` on a site with the projects demo (1.0, yanked 1.1, 2.0rc1), needer and other, and everything that follows from them.
    static func runWithProjects(_ body: (Site) async throws -> Void) async throws {
        var settings = IndexSettings()
        settings.limitsRates = false
        try await run(settings) { site in
            let fields: [(name: String, value: String)] = [
                ("summary", "Shows how it is done"), ("author", "Alice"), ("author_email", "alice@example.org"), ("requires_python", ">=3.9"),
                ("requires_dist", "Other[fast,Safe]>=1.0,<2; python_version > '3.8' and extra == 'more'"), ("requires_dist", "other"),
                ("provides_extra", "more"), ("keywords", "one,two"),
            ]
            try await site.publish(.wheel("Demo", "1.0", saying: fields))
            try await site.publish(.sdist("Demo", "1.0"))
            try await site.publish(.wheel("Demo", "1.1"))
            try await site.publish(.wheel("Demo", "2.0rc1"))
            try await site.publish(.wheel("other", "1.0"))
            try await site.publish(.wheel("needer", "0.5", saying: [("requires_dist", "demo>=1; extra == 'x'"), ("summary", "Needs a demo")]))
            try await site.sql(
                "INSERT INTO release_urls (release_id, position, label, url) SELECT id, 0, 'Source', 'https://example.org/demo' FROM releases WHERE summary LIKE 'Shows%'"
            )
            try await site.sql(
                "INSERT INTO release_classifiers (release_id, position, classifier) SELECT id, 0, 'Topic :: Utilities' FROM releases WHERE summary LIKE 'Shows%'"
            )
            try await site.sql(
                "INSERT INTO release_descriptions (release_id, content_type, raw, html, rendered_by) SELECT id, 'text/plain', 'How it is done.', NULL, NULL FROM releases WHERE summary LIKE 'Shows%' ON CONFLICT (release_id) DO UPDATE SET raw = excluded.raw"
            )
            try await site.sql("UPDATE releases SET yanked = TRUE, yanked_reason = 'It **breaks**' WHERE version = '1.1'")
            try await site.test.runJobs()
            try await body(site)
        }
    }

    /// A document of the API.
    func document(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> [String: Any] {
        let answer = try await client.get("/api/v1/\(path)")
        #expect(answer.status == 200 && answer["Content-Type"] == "application/json", "\(path): \(answer.text)", sourceLocation: sourceLocation)
        #expect(answer["Access-Control-Allow-Origin"] == "*", "\(path)", sourceLocation: sourceLocation)
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }
}
