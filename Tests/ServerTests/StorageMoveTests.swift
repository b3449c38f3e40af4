// Files that move between storages, as an operator moves them.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(10))) struct StorageMoveTests {
    /// Every stored file below a folder.
    private func stored(in folder: String) -> [String] {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".whl") }.sorted()
    }

    @Test func `files move from a folder to a bucket and back while people publish, and after the restart every one is there`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let bucket = server.location(prefix: UUID().uuidString)
        try await StorageSite.run { site in
            let authorization = try await site.authorization()
            let published = Published()
            try await site.serving { client in
                try await published.publish("first", count: 20, to: client, authorization)
                try await published.keepPublishing("meanwhile", to: client, authorization) {
                    let move = try await site.run("storage", "migrate", "--from", "file:\(site.files)", "--to", bucket)
                    #expect(move.status == 0, "\(move.output) \(move.errors)")
                    #expect(move.output.contains("EMPORIUM_STORAGE_URL='\(bucket)'"), "\(move.output)")
                }
                // And until it stops.
                #expect(try await published.publish("last", "1.0", to: client, authorization) == 200)
            }
            try await site.serving(["EMPORIUM_STORAGE_URL": bucket]) { client in
                let again = try await site.run(
                    "storage",
                    "migrate",
                    "--from",
                    "file:\(site.files)",
                    "--to",
                    bucket,
                    with: ["EMPORIUM_STORAGE_URL": bucket]
                )
                #expect(again.status == 0 && again.output.contains("in the storage that the index uses"), "\(again.output) \(again.errors)")
                #expect(try await published.publish("after", "1.0", to: client, authorization) == 200)
                try await published.check(client)
            }
            let check = try await site.run("storage", "migrate", "--check", "--from", "file:\(site.files)", "--to", bucket)
            #expect(check.status == 0 && check.output.contains("All \(published.all.count) files"), "\(check.output) \(check.errors)")
            // Into another folder: nothing of the first is needed.
            let back = "\(site.folder)/back"
            let home = try await site.run("storage", "migrate", "--from", bucket, "--to", "file:\(back)")
            #expect(home.status == 0, "\(home.output) \(home.errors)")
            try await site.serving(["EMPORIUM_STORAGE_URL": "file:\(back)"]) { try await published.check($0) }
            #expect(published.all.count > 22)
        }
    }

    @Test func `a move that is killed goes on where it was`() async throws {
        try await StorageSite.run { site in
            let authorization = try await site.authorization()
            let published = Published()
            try await site.serving { client in
                try await published.publish("demo", count: 40, to: client, authorization)
            }
            let target = "\(site.folder)/other"
            var kills = 0
            for round in 1...8 {
                let move = try site.start(["storage", "migrate", "--from", "file:\(site.files)", "--to", "file:\(target)"])
                while move.isRunning, stored(in: target).count < round * 4 { try await Task.sleep(for: .milliseconds(2)) }
                if move.isRunning { kills += 1 }
                move.signal(SIGKILL)
                _ = try await move.result()
                if stored(in: target).count == 40 { break }
            }
            #expect(kills > 0)
            let last = try await site.run("storage", "migrate", "--from", site.files, "--to", target)
            #expect(last.status == 0, "\(last.output) \(last.errors)")
            #expect(stored(in: target) == stored(in: site.files))
            let check = try await site.run("storage", "migrate", "--check", "--from", site.files, "--to", target)
            #expect(check.status == 0 && check.output.contains("All 40 files"), "\(check.output) \(check.errors)")
            try await site.serving(["EMPORIUM_STORAGE_URL": "file:\(target)"]) { try await published.check($0) }
        }
    }

    @Test func `what stands in the way is one sentence`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        try await StorageSite.run { site in
            let authorization = try await site.authorization()
            let published = Published()
            try await site.serving { try await published.publish("demo", count: 1, to: $0, authorization) }
            func complaint(to: String, _ more: [String: String] = [:]) async throws -> String {
                let move = try await site.run("storage", "migrate", "--from", site.files, "--to", to, with: more)
                #expect(move.status == 1)
                let lines = move.errorLines.filter { $0.hasPrefix("Error: ") }
                #expect(lines.count == 1, "\(move.errors)")
                return lines.first ?? ""
            }
            let place = server.location(prefix: UUID().uuidString)
            #expect(try await complaint(to: place, ["AWS_SECRET_ACCESS_KEY": "wrong"]).contains("AWS_SECRET_ACCESS_KEY"))
            let reader = ["AWS_ACCESS_KEY_ID": S3Server.reader.id, "AWS_SECRET_ACCESS_KEY": S3Server.reader.secret]
            #expect(try await complaint(to: place, reader).contains("--to can not be written: "))
            try await StorageSite.run("other", in: site.folder) { other in
                try await other.serving { _ in }
                #expect(try await complaint(to: other.files).contains("--to: the files there belong to another index"))
            }
            let same = try await site.run("storage", "migrate", "--from", site.files, "--to", "file:\(site.files)")
            #expect(same.status != 0 && same.errors.contains("the same place"))

            // A bit of the file that is there.
            let path = "\(site.files)/\(try #require(stored(in: site.files).first))"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[100] ^= 1
            try FileManager.default.removeItem(atPath: path)
            try bytes.write(to: URL(fileURLWithPath: path))
            let move = try await site.run("storage", "migrate", "--from", site.files, "--to", place)
            #expect(move.status == 1 && move.output.contains("is damaged: its SHA-256 is"), "\(move.output)")
        }
    }

    @Test func `of two indexes with one bucket the second does not start`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        let bucket = ["EMPORIUM_STORAGE_URL": server.location(prefix: UUID().uuidString)]
        try await StorageSite.run("one") { one in
            try await one.serving(bucket) { _ in }
            try await one.serving(bucket) { _ in }
            try await StorageSite.run("two", in: one.folder) { two in
                for command in ["serve", "work"] {
                    let result = try await two.run(command, with: bucket)
                    #expect(result.status == 1)
                    let line = result.errorLines.last ?? ""
                    #expect(line.hasPrefix("Error: EMPORIUM_STORAGE_URL: the files there belong to another index"), "\(result.errors)")
                }
                let check = try await two.run("check", with: bucket)
                #expect(check.status == 1 && check.output.contains("belong to another index"), "\(check.output)")
                // Neither as an archive.
                let archive = try await two.run("work", with: ["EMPORIUM_ARCHIVE_URL": bucket["EMPORIUM_STORAGE_URL"] ?? ""])
                #expect(archive.status == 1 && archive.errors.contains("EMPORIUM_ARCHIVE_URL: the files there"), "\(archive.errors)")
                try await two.serving { (client: WebClient) async throws in
                    // It is no file of the index.
                    #expect(try await client.get("/packages/emporium-index").status == 404)
                }
            }
        }
    }
}
