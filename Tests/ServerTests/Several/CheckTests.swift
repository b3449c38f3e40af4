// What an operator learns of each part.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct CheckTests {
    private func rows(_ result: ProgramResult, _ name: String) -> [String] {
        result.outputLines.filter { $0.hasPrefix(name.padding(toLength: 33, withPad: " ", startingAt: 0)) }
    }

    @Test func `check says of each part who it is, whether it can be written, and what to do about what is not right`() async throws {
        try await SharedSite.run(isWired: true) { site in
            let good = try await site.run("check")
            #expect(good.status == 0, "\(good.output)")
            let engine = TestEngine.current == .postgres ? "PostgreSQL 1" : "SQLite 3"
            for (name, word) in [("database", engine), ("file storage", "answers"), ("cache", "can be written")] {
                let lines = rows(good, name)
                #expect(lines.contains { $0.contains("answers") && $0.contains(word) }, "\(name): \(good.output)")
            }
            site.wires.cache?.cut()
            let cacheless = try await site.run("check")
            #expect(cacheless.status == 1 && rows(cacheless, "cache").contains { $0.contains("FAILS") })
            try site.wires.cache?.restore()
            guard let server = site.postgres else { return }

            let wrong = try await site.run(
                "check",
                more: ["EMPORIUM_DATABASE_URL": server.url().replacingOccurrences(of: "emporium:", with: "emporium:not-")]
            )
            #expect(wrong.status == 1 && wrong.output.contains("password authentication failed"), "\(wrong.output)")
            #expect(!wrong.output.contains("not-secret"))
            let replica = try await PostgresServer(in: site.folder, replicaOf: server)
            let readOnly = try await site.run("check", more: ["EMPORIUM_DATABASE_URL": replica.url()])
            try await replica.stop()
            #expect(readOnly.status == 1 && rows(readOnly, "database").contains { $0.contains("FAILS") && $0.contains("can not be written") })
            site.wires.bucket?.cut()
            let bucketless = try await site.run("check")
            #expect(bucketless.status == 1 && rows(bucketless, "file storage").contains { $0.contains("FAILS") }, "\(bucketless.output)")
            for text in [good, cacheless, wrong, readOnly, bucketless].map({ $0.output + $0.errors }) {
                for secret in ["secret@", RedisServer.password, S3Server.tenant.secret] { #expect(!text.contains(secret)) }
            }
        }
    }
}
