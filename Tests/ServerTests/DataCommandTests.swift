// `emporium data update` with the real packages.

import SQLDatabase
import SQLiteEngine
import TestPrograms
import TestSupport
import Testing

@Suite struct DataCommandTests {
    private static func python() async throws -> String {
        try await PythonEnvironment.interpreter("identifiers", requirements: "Tests/ServerTests/identifier-requirements.txt")
    }

    @Test func `data update reads every list out of the installed packages`() async throws {
        try await withFolder { folder in
            let result = try await Program.run("data", "update", in: folder, environment: ["EMPORIUM_PYTHON": try await Self.python()])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.outputLines.count == 6)
            for line in ["classifiers", "retired-classifiers", "standard-library", "licenses", "license-exceptions", "popular-names"] {
                #expect(result.output.contains(line))
            }
            #expect(result.output.contains("→ 10000  (guarddog 3.2.0)"))
            let database = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
            // The others are what the program was built with: the same packages.
            let rows = try await database.query("SELECT name, source, body FROM refreshed_lists")
            #expect(try rows.map { try $0["name", as: String.self] } == ["popular-names"])
            #expect(try rows[0]["body", as: String.self].split(separator: "\n").contains("requests"))
        }
    }

    @Test func `data update leaves the lists of packages that are missing, and says which`() async throws {
        try await withFolder { folder in
            let python = try await PythonEnvironment.interpreter("no-packages", requirements: "Tests/ServerTests/no-requirements.txt")
            let result = try await Program.run("data", "update", in: folder, environment: ["EMPORIUM_PYTHON": python])
            #expect(result.status == 1)
            #expect(result.output.contains("no package trove-classifiers") && result.output.contains("no package guarddog"))
            #expect(result.errors.contains("No list was refreshed"))
        }
    }

    @Test func `data update says so when there is no interpreter`() async throws {
        try await withFolder { folder in
            let result = try await Program.run("data", "update", in: folder, environment: ["EMPORIUM_PYTHON": "/nowhere/python3"])
            #expect(result.status == 1)
            #expect(result.errors.contains("/nowhere/python3") && result.errors.contains("EMPORIUM_PYTHON"))
        }
    }
}
