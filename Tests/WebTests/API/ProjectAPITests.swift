// The API: what a project, a release and what is around them look like.

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct ProjectAPITests {
    @Test func `a project tells of itself, its releases and the one that stands for it`() async throws {
        try await Site.runWithProjects { site in
            let project = try await site.document("projects/demo")
            #expect(
                project["name"] as? String == "Demo" && project["normalized_name"] as? String == "demo" && project["status"] as? String == "active"
            )
            #expect((project["url"] as? String)?.hasSuffix("/api/v1/projects/demo") == true && project["organization"] is NSNull)
            #expect(project["people"] as? [[String: String]] == [["username": "alice", "role": "owner"]])
            let releases = try #require(project["releases"] as? [[String: Any]])
            #expect(releases.map { $0["version"] as? String } == ["2.0rc1", "1.1", "1.0"])
            #expect(releases.map { $0["file_count"] as? Int } == [1, 1, 2])
            #expect(releases[1]["is_yanked"] as? Bool == true && releases[1]["yanked_reason"] as? String == "It **breaks**")
            #expect(releases[0]["is_prerelease"] as? Bool == true && releases[0]["yanked_reason"] is NSNull)
            let release = try #require(project["release"] as? [String: Any])
            #expect(release["version"] as? String == "1.0" && release["summary"] as? String == "Shows how it is done")
            let own = try await site.document("projects/demo/releases/1.0.0")
            #expect(own["releases"] == nil && own["people"] == nil)
            #expect(NSDictionary(dictionary: try #require(own["release"] as? [String: Any])) == NSDictionary(dictionary: release))
        }
    }

    @Test func `requirements, links and files come in their parts`() async throws {
        try await Site.runWithProjects { site in
            let release = try #require(try await site.document("projects/demo/releases/1.0")["release"] as? [String: Any])
            let requirements = try #require(release["requirements"] as? [[String: Any]])
            let first = try #require(requirements.first)
            #expect(first["name"] as? String == "Other" && first["normalized_name"] as? String == "other")
            #expect(first["extras"] as? [String] == ["Safe", "fast"] && first["specifier"] as? String == "<2,>=1.0" && first["url"] is NSNull)
            #expect(first["marker"] as? String == #"python_version > "3.8" and extra == "more""#)
            #expect(requirements[1]["specifier"] as? String == "" && requirements[1]["marker"] is NSNull)
            #expect((release["links"] as? [[String: Any]])?.first?["label"] as? String == "Source")
            #expect((release["links"] as? [[String: Any]])?.first?["is_verified"] as? Bool == false)
            #expect((release["author"] as? [String: Any])?["name"] as? String == "Alice")
            #expect(release["keywords"] as? [String] == ["one", "two"] && release["requires_python"] as? String == ">=3.9")
            let files = try #require(release["files"] as? [[String: Any]])
            #expect(files.map { $0["type"] as? String } == ["bdist_wheel", "sdist"])
            let wheel = try #require(files.first)
            let hashes = try #require(wheel["hashes"] as? [String: String])
            let stored = try await site.test.db.query(
                "SELECT sha256, size FROM files WHERE packagetype = 'bdist_wheel' AND filename LIKE '%-1.0-%' AND project_id = (SELECT id FROM projects WHERE name = 'Demo')"
            )
            #expect(hashes["sha256"] == (try stored[0]["sha256", as: String.self]) && hashes["md5"]?.count == 32)
            #expect(wheel["size"] as? Int == (try stored[0]["size", as: Int.self]) && (wheel["upload_time"] as? String)?.hasSuffix("Z") == true)
            let url = try #require(wheel["url"] as? String)
            let path = try #require(URLComponents(string: url)?.path)
            #expect(try await site.client.get(path).status == 200)
            // What was published before there was a check.
            try await site.sql("UPDATE release_dependencies SET specifier = 'not a (requirement' WHERE specifier = 'other'")
            let old = try #require(try await site.document("projects/demo")["release"] as? [String: Any])
            let unread = try #require((old["requirements"] as? [[String: Any]])?.last)
            #expect(unread["text"] as? String == "not a (requirement" && unread["name"] is NSNull && unread["extras"] as? [String] == [])
        }
    }

    @Test func `who needs a project is told by pages, and how often it was fetched as on its page`() async throws {
        try await Site.runWithProjects { site in
            let page = try await site.document("projects/demo/dependents")
            let found = try #require(page["dependents"] as? [[String: Any]])
            #expect(found.count == 1 && found[0]["name"] as? String == "needer" && found[0]["is_optional"] as? Bool == true)
            #expect(found[0]["specifier"] as? String == ">=1" && page["pages"] as? Int == 1 && page["next"] is NSNull && page["previous"] is NSNull)
            #expect(try await site.document("projects/needer/dependents")["total"] as? Int == 0)
            for number in 0..<51 { try await site.publish(.wheel("user-\(number)", "1.0", saying: [("requires_dist", "other")])) }
            try await site.test.runJobs()
            let first = try await site.document("projects/other/dependents")
            #expect(first["total"] as? Int == 52 && first["pages"] as? Int == 2 && (first["dependents"] as? [Any])?.count == 50)
            let next = try #require(first["next"] as? String)
            let second = try await site.document(String(next[try #require(next.range(of: "/api/v1/")).upperBound...]))
            #expect((second["dependents"] as? [Any])?.count == 2 && second["next"] is NSNull)
            #expect((second["previous"] as? String)?.hasSuffix("/api/v1/projects/other/dependents") == true)
            let old = try await site.client.get("/project/demo/downloads.json")
            let new = try await site.client.get("/api/v1/projects/demo/downloads")
            #expect(new.status == 200 && new.body == old.body && new["Cache-Control"] == old["Cache-Control"])
        }
    }

    @Test func `names are redirected, what is not there is a problem, and every problem is one document`() async throws {
        try await Site.runWithProjects { site in
            for (path, location) in [
                ("projects/DEMO", "projects/demo"), ("projects/De.mo/releases/1.0", "projects/de-mo/releases/1.0"),
                ("projects/Demo/dependents?page=1", "projects/demo/dependents?page=1"), ("projects/DEMO/downloads", "projects/demo/downloads"),
                ("projects/DEMO/releases/1%3F%23", "projects/demo/releases/1%3F%23"),
            ] {
                let answer = try await site.client.get("/api/v1/\(path)")
                #expect(
                    answer.status == 301 && answer["Location"] == "/api/v1/\(location)" && answer["Access-Control-Allow-Origin"] == "*",
                    "\(path)"
                )
            }
            for (path, status) in [
                ("projects/nothing", 404), ("projects/demo/releases/9", 404), ("projects/demo/releases/%00", 404), ("projects/%00", 404),
                ("projects/nothing/dependents", 404), ("projects/nothing/downloads", 404), ("projects/demo/dependents?page=2", 404),
                ("projects/demo/dependents?page=0", 400), ("projects/demo/dependents?page=x", 400), ("projects/Demo/dependents?page=x", 400),
                ("projects/demo/dependents?page=-1", 400),
                ("projects/demo/dependents?page=\(String(repeating: "9", count: 30))", 404), ("projects/demo/dependents?page=", 400),
                ("nothing", 404), ("projects/", 404), ("projects/demo/", 404), ("projects/%FF", 400), ("search?q=%FF", 400), ("search?page=0", 400),
                ("search?page=501", 404), ("search?q=demo&page=2", 404), ("search?order=oldest", 400), ("search?order=", 400),
                ("search?q=\(String(repeating: "x", count: 1001))", 413),
                ("search?" + (0..<65).map { "classifier=\($0)" }.joined(separator: "&"), 400),
            ] {
                // Whatever the client would like best.
                let answer = try await site.client.get("/api/v1/\(path)", ["Accept": "text/html"])
                try check(answer, status, path)
            }
            let posted = try await site.client.send("POST", "/api/v1/projects/demo", body: [])
            try check(posted, 405, "POST")
            #expect(posted["Allow"] == "GET, HEAD, OPTIONS")
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter' WHERE name = 'Demo'")
            for path in ["projects/demo", "projects/demo/releases/1.0", "projects/demo/dependents", "projects/demo/downloads"] {
                try check(try await site.client.get("/api/v1/\(path)"), 404, path)
            }
        }
    }

    private func check(_ answer: RawResponse, _ status: Int, _ what: String) throws {
        #expect(answer.status == status && answer["Content-Type"] == "application/problem+json", "\(what): \(answer.status) \(answer.text)")
        #expect(answer["Access-Control-Allow-Origin"] == "*", "\(what)")
        let problem = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any], "\(what)")
        #expect(problem["status"] as? Int == status && problem["type"] as? String == "about:blank", "\(what)")
        #expect((problem["detail"] as? String)?.hasSuffix(".") == true && (problem["title"] as? String)?.isEmpty == false, "\(what)")
    }

    @Test func `a publish is seen at once, and documents are kept between`() async throws {
        try await Site.runWithProjects { site in
            #expect((try await site.document("projects/other")["releases"] as? [Any])?.count == 1)
            let tag = try #require(try await site.client.get("/api/v1/projects/other")["ETag"])
            #expect(try await site.client.get("/api/v1/projects/other", ["If-None-Match": tag]).status == 304)
            try await site.publish(.wheel("other", "1.1"))
            #expect((try await site.document("projects/other")["releases"] as? [Any])?.count == 2)
            let answer = try await site.client.get("/api/v1/projects/other", ["If-None-Match": tag])
            #expect(answer.status == 200 && answer["Surrogate-Key"]?.contains("project/other") == true && answer["X-PyPI-Last-Serial"] != nil)
        }
    }

    @Test func `a private index tells nothing to strangers, in a problem document`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await Site.run(settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            for route in Routes.all where route.pattern.hasPrefix("/api/") {
                let path = route.pattern.replacing("{name}", with: "demo").replacing("{version}", with: "1.0")
                let answer = try await site.client.get(path)
                try check(answer, 401, path)
                #expect(answer["WWW-Authenticate"] == "Basic realm=\"index\"")
                let told = try await site.client.get(path, ["Authorization": site.bearer])
                #expect(told.status == 200 && told["Cache-Control"]?.contains("public") != true, "\(path)")
            }
            for path in ["/llms.txt", "/project/demo/index.md"] { #expect(try await site.client.get(path).status == 401) }
        }
    }
}
