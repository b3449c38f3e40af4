// Attestations of files (index §3.3).

import Registry
import SQLDatabase
import TestSupport
import Testing

struct IntegrityTests {
    @Test func `the first thing that is wrong is told`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("Demo.Pkg", "1.0"))
            let filename = try await site.test.db.query("SELECT filename FROM files")[0]["filename", as: String.self]
            let media = "application/vnd.pypi.integrity.v1+json"
            func ask(_ path: String, _ accept: String?) async throws -> (status: Int, text: String) {
                let answer = if let accept { try await site.client.get(path, ["Accept": accept]) } else { try await site.client.get(path) }
                #expect(answer["Content-Type"] == "application/json" && answer["Access-Control-Allow-Origin"] == "*", "\(path)")
                #expect(answer["Vary"]?.contains("Accept") == true)
                return (answer.status, answer.text)
            }
            // What is not there is not there, whatever is accepted.
            for path in [
                "nothing/1.0/\(filename)", "demo-pkg/2.0/\(filename)", "demo-pkg/1.0/other-1.0.tar.gz", "demo-pkg/1.0x/\(filename)",
                "demo-pkg/1.0/\(filename.uppercased())", "%00/1.0/\(filename)", "demo-pkg/1.0/%00",
            ] {
                for accept in [media, "text/html"] {
                    let answer = try await ask("/integrity/\(path)/provenance", accept)
                    #expect(answer.status == 404 && answer.text == "{\"message\": \"Not Found\"}", "\(path): \(answer)")
                }
            }
            // Names and versions in any spelling, without a redirect.
            for path in ["demo-pkg/1.0", "Demo.Pkg/1.0.0", "DEMO_PKG/v1"] {
                let path = "/integrity/\(path)/\(filename)/provenance"
                for accept in ["text/html", "application/xml, text/plain;q=0.5", "application/json;q=0", ""] {
                    let answer = try await ask(path, accept)
                    #expect(answer.status == 406 && answer.text.contains(media), "\(accept): \(answer)")
                }
                for accept in [nil, media, "application/json", "*/*", "application/*;q=0.1", "nonsense"] {
                    let answer = try await ask(path, accept)
                    #expect(answer.status == 404 && answer.text.contains(filename), "\(accept ?? "nothing"): \(answer)")
                }
                #expect(try await site.client.head(path).status == 405)
                let posted = try await site.client.send("POST", path, body: [])
                #expect(posted.status == 405 && posted["Allow"] == "GET")
            }
            let path = "/integrity/demo-pkg/1.0/\(filename)/provenance"
            try await site.sql("UPDATE flags SET is_on = TRUE WHERE name = 'disable-pep740'")
            #expect(try await ask(path, "text/html").status == 406)
            #expect(try await ask(path, media).status == 403)
            #expect(try await ask("/integrity/demo-pkg/2.0/\(filename)/provenance", media).status == 404)
            try await site.sql("UPDATE flags SET is_on = FALSE WHERE name = 'disable-pep740'")
            // Neither quarantine nor a yank hides it.
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter'")
            try await site.sql("UPDATE releases SET yanked = TRUE, status = 'quarantine-enter'")
            #expect(try await ask(path, media).text.contains(filename))
        }
    }
}
