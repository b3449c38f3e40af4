// The OpenAPI document: it says what there is, no more and no less.

import Backends
import Foundation
import HTTPTypes
import Registry
import SQLDatabase
import TestPrograms
import TestSupport
import Testing
import Web

struct APIDescriptionTests {
    private func description(_ site: Site) async throws -> [String: Any] { try await site.document("openapi.json") }

    @Test func `every route of the API is in it, and the reverse`() async throws {
        try await Site.run { site in
            let paths = try #require(try await description(site)["paths"] as? [String: [String: Any]])
            let routes = Routes.all.filter { $0.pattern.hasPrefix("/api/") }
            #expect(Set(paths.keys) == Set(routes.map(\.pattern)))
            for route in routes {
                #expect(route.methods == [.get, .head, .options] && paths[route.pattern]?.keys.sorted() == ["get"], "\(route.pattern)")
            }
        }
    }

    @Test func `its limits are those of search`() async throws {
        try await Site.run { site in
            let paths = try #require(try await description(site)["paths"] as? [String: [String: [String: Any]]])
            let parameters = try #require(paths["/api/v1/search"]?["get"]?["parameters"] as? [[String: Any]])
            let schemas = Dictionary(uniqueKeysWithValues: parameters.map { ($0["name"] as? String ?? "", $0["schema"] as? [String: Any] ?? [:]) })
            #expect(schemas.keys.sorted() == ["classifier", "order", "page", "q"])
            #expect(schemas["q"]?["maxLength"] as? Int == SearchQuery.textLimit)
            #expect(schemas["page"]?["maximum"] as? Int == SearchQuery.window / SearchQuery.pageSize)
            #expect(schemas["order"]?["enum"] as? [String] == SearchQuery.Order.allCases.map(\.rawValue))
        }
    }

    @Test func `answers have the members that it describes, and no others`() async throws {
        try await Site.runWithProjects { site in
            var report = VulnerabilityReport(source: "osv", identifier: "PYSEC-2026-1", project: "demo", versions: ["1.0"])
            (report.aliases, report.summary) = (["CVE-2026-1"], "It breaks")
            _ = try await site.test.index.recordVulnerability(report)
            let components = try #require(try await description(site)["components"] as? [String: Any])
            let schemas = try #require(components["schemas"] as? [String: [String: Any]])
            var seen: Set<String> = []
            for (path, schema) in [
                ("search?q=demo", "SearchPage"), ("projects/demo", "Project"), ("projects/demo/releases/1.0", "ProjectRelease"),
                ("projects/demo/dependents", "DependentPage"), ("projects/demo/downloads", "Downloads"),
            ] {
                try compare(try await site.document(path), schema, schemas, &seen)
            }
            let problem = try await site.client.get("/api/v1/projects/nothing")
            try compare(try JSONSerialization.jsonObject(with: Data(problem.body)), "Problem", schemas, &seen)
            // None is left over.
            #expect(Set(schemas.filter { $0.value["properties"] != nil }.keys) == seen)
        }
    }

    private func compare(_ value: Any, _ name: String, _ schemas: [String: [String: Any]], _ seen: inout Set<String>) throws {
        let schema = try #require(schemas[name], "\(name)")
        guard let properties = schema["properties"] as? [String: [String: Any]] else { return }
        seen.insert(name)
        let object = try #require(value as? [String: Any], "\(name)")
        #expect(Set(object.keys) == Set(properties.keys), "\(name)")
        #expect(Set(schema["required"] as? [String] ?? []) == Set(properties.keys), "\(name)")
        for (key, property) in properties {
            let reference = property["$ref"] as? String ?? (property["items"] as? [String: Any])?["$ref"] as? String
            guard let target = reference?.split(separator: "/").last.map(String.init), let member = object[key] else { continue }
            for element in member as? [Any] ?? [member] { try compare(element, target, schemas, &seen) }
        }
    }

    /// What schemathesis keeps of a run (HAR 1.2).
    private struct Record: Decodable {
        struct Log: Decodable { let entries: [Entry] }
        struct Entry: Decodable {
            let request: Request
            let response: Response
        }
        struct Request: Decodable { let url: String }
        struct Response: Decodable { let status: Int }
        let log: Log
    }

    // Its checks: no failures of the server, only described statuses, types, headers and bodies, and nothing taken that is not described.
    @Test(.timeLimit(.minutes(5))) func `schemathesis finds nothing that is not as described`() async throws {
        let python = try await PythonEnvironment.interpreter("schemathesis", requirements: "Tests/WebTests/API/requirements.txt")
        let configuration = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "schemathesis.toml").path
        try await Site.runWithProjects { site in
            let folder = URL(fileURLWithPath: "\(site.test.folder)/schemathesis")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let program = URL(fileURLWithPath: python).deletingLastPathComponent().appending(path: "schemathesis").path
            let record = folder.appending(path: "run.har")
            let command = [
                program, "--config-file", configuration, "run", "http://127.0.0.1:\(site.client.port)/api/v1/openapi.json", "--checks", "all",
                "--max-examples", "30", "--seed", "1", "--generation-deterministic", "--no-color", "--report",
                "har", "--report-har-path", record.path,
            ]
            let environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "LANG": "C.UTF-8", "NO_PROXY": "*"]
            let run = try await ChildProcess.run(command, in: folder.path, environment: environment)
            #expect(run.ending == .exited(0), "\(run.text)\(run.errors)")
            // It came to see every operation at work.
            let entries = try JSONDecoder().decode(Record.self, from: Data(contentsOf: record)).log.entries
            let answered = Set(entries.filter { $0.response.status == 200 }.compactMap { URLComponents(string: $0.request.url)?.path })
            for path in ["search", "projects/demo", "projects/demo/releases/1.0", "projects/demo/dependents", "projects/demo/downloads"] {
                #expect(answered.contains("/api/v1/\(path)"), "\(path)")
            }
            #expect(entries.count > 100)
        }
    }
}
