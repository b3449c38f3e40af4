// A process of this version beside the next version's schema.

import Foundation
import PostgresEngine
import Registry
import SQLDatabase
import SQLiteEngine
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct NextVersionTests {
    /// What a next version may do while this one runs: it expands.
    private static let next = Migration(
        9999,
        "next-version",
        [
            "ALTER TABLE projects ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'",
            "ALTER TABLE files ADD COLUMN shade TEXT",
            "ALTER TABLE jobs ADD COLUMN mood BIGINT NOT NULL DEFAULT 0",
            "CREATE TABLE colours (project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE, colour TEXT NOT NULL)",
        ]
    )

    @Test func `a process goes on working when the next version has changed the schema, and one that comes later says what to do`() async throws {
        try await SharedSite.run { site in
            let (program, client) = try await site.start()
            #expect(try await site.publish(.wheel("demo", "1.0"), client) == [200])
            let database: any Database =
                if let postgres = site.postgres { PostgresDatabase(url: postgres.url()) } else {
                    try SQLiteDatabase(path: "\(site.folder)/emporium-data/emporium.sqlite")
                }
            #expect(MigrationLint.findings(in: AllMigrations.list + [Self.next], from: Self.next.id).isEmpty, "or else it shows nothing")
            // Under load: statements are prepared, pages are kept, transactions are open.
            try await withThrowingTaskGroup(of: [Int].self) { group in
                for number in 0..<3 {
                    group.addTask {
                        var statuses: [Int] = []
                        for version in 0..<10 { statuses += try await site.publish(.wheel("load-\(number)", "\(version).0"), client) }
                        return statuses
                    }
                }
                try await waitUntil("there is load") { try await client.get("/simple/load-1/").status == 200 }
                #expect(try await Migrator(AllMigrations.list + [Self.next]).migrate(database, now: 0) == ["next-version"])
                for try await statuses in group { #expect(Set(statuses) == [200], "\(statuses)") }
            }
            #expect(try await site.publish(.wheel("demo", "2.0"), client) == [200])
            let page = try await client.get("/simple/demo/").text
            #expect(page.contains("demo-1.0-py3-none-any.whl") && page.contains("demo-2.0-py3-none-any.whl"))
            #expect(try await client.get("/simple/load-2/").text.contains("load_2-9.0-py3-none-any.whl"))
            #expect(try await client.get("/_ready/").status == 200)
            let late = try await site.run("serve", "--port", "0")
            #expect(late.status != 0)
            #expect(late.errors.contains("newer than this program knows"), "\(late.errors)")
            await database.close()
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }
}
