// Backing up, restoring and moving an index, as an operator does it.

import Distributions
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct MovingTests {
    @Test func `a backup made while four publish is restored on the other engine as the index was at its serial`() async throws {
        try await MovingSite.run { site in
            let token = try await site.old.makeUser()
            let (server, client) = try await site.old.serve()
            let backup = "\(site.folder)/backup"
            let publishers = Publishers()
            try await publishers.publish(to: client, as: token) {
                for _ in 1...2 {
                    let saved = try await site.old.run(["backup", backup])
                    #expect(saved.status == 0, "\(saved.output) \(saved.errors)")
                }
            }
            let checked = try await site.new.run(["verify", backup, "--all"])
            #expect(checked.status == 0 && checked.output.contains("whole"), "\(checked.output) \(checked.errors)")
            let restored = try await site.new.run(["restore", "file:\(backup)"])
            #expect(restored.status == 0 && restored.output.contains("purge"), "\(restored.output) \(restored.errors)")

            let serial = try await site.new.withDatabase {
                try await $0.query("SELECT value FROM counters WHERE name = 'serial'")[0][at: 0, as: Int64.self]
            }
            let journal = try await site.old.withDatabase {
                try await $0.query("SELECT project_name, action FROM journal WHERE serial <= \(serial) AND action LIKE 'add py3 file %'").map {
                    (project: try $0[at: 0, as: String.self], filename: try $0[at: 1, as: String.self].dropFirst("add py3 file ".count).description)
                }
            }
            #expect(journal.count >= 8 && journal.count < publishers.taken.count)
            let (second, reader) = try await site.new.serve()
            for project in 0..<4 {
                let expected = Set(journal.filter { $0.project == "project-\(project)" }.map(\.filename))
                let files = try await reader.files(of: "project-\(project)")
                #expect(Set(files.map(\.filename)) == expected)
                for file in files {
                    let bytes = try await reader.bytes(file)
                    #expect(Digests(of: bytes).sha256 == file.hashes["sha256"])
                    #expect(try await client.bytes(file) == bytes)
                }
            }
            // Who had a token has it still.
            #expect(try await reader.upload(.wheel("after", "1.0"), authorization: token).status == 200)
            for program in [server, second] {
                program.signal(SIGTERM)
                _ = try await program.result()
            }
            for home in [site.old, site.new] {
                let whole = try await home.run(["verify"])
                #expect(whole.status == 0, "\(whole.output) \(whole.errors)")
            }
        }
    }

    @Test func `uploads during a move are taken or told to come again, and everything that was taken is on the new side`() async throws {
        try await MovingSite.run { site in
            let token = try await site.old.makeUser()
            let (server, client) = try await site.old.serve()
            let publishers = Publishers()
            try await publishers.publish(to: client, as: token) {
                let moved = try await site.old.run(["migrate-engine", "--to", site.new.databaseURL])
                #expect(moved.status == 0 && moved.output.contains("EMPORIUM_DATABASE_URL"), "\(moved.output) \(moved.errors)")
                #expect(!(moved.output + moved.errors).contains("only the moving tests"))
                let count = publishers.all.count
                while publishers.all.count < count + 8 { try await Task.sleep(for: .milliseconds(10)) }
            }
            let statuses = Set(publishers.all.map(\.status))
            #expect(statuses == [200, 503])
            #expect(publishers.all.filter { $0.status == 503 }.allSatisfy { $0.retryAfter != nil })
            // The old one is still read.
            let (second, reader) = try await site.new.serve(["EMPORIUM_STORAGE_URL": "file:\(site.old.files)"])
            for project in 0..<4 {
                let files = try await reader.files(of: "project-\(project)")
                #expect(Set(files.map(\.filename)) == Set(publishers.taken.filter { $0.project == "project-\(project)" }.map(\.filename)))
                for accept in ["text/html", "application/vnd.pypi.simple.v1+json"] {
                    let (here, there) = (
                        try await client.get("/simple/project-\(project)/", ["Accept": accept]),
                        try await reader.get("/simple/project-\(project)/", ["Accept": accept])
                    )
                    #expect(here.status == 200 && here.body == there.body)
                }
                for file in files { #expect(Digests(of: try await reader.bytes(file)).sha256 == file.hashes["sha256"]) }
            }
            #expect(try await reader.upload(.wheel("after", "1.0"), authorization: token).status == 200)
            let state = try await site.old.run(["read-only"])
            #expect(state.output.contains("frozen"))
            // Back again, by the operator's word.
            #expect(try await site.old.run(["read-only", "off"]).status == 0)
            #expect(try await client.upload(.wheel("back", "1.0"), authorization: token).status == 200)
            for program in [server, second] {
                program.signal(SIGTERM)
                _ = try await program.result()
            }
        }
    }

    @Test func `a move that is killed goes on when it is run again`() async throws {
        try await MovingSite.run { site in
            let seeded = try await site.old.run(["seed", "--rows-only", "--projects", "300", "--files", "4000"])
            #expect(seeded.status == 0, "\(seeded.errors)")
            let mover = try site.old.start(["migrate-engine", "--to", site.new.databaseURL])
            func arrived() async -> Bool {
                let rows = try? await site.new.withDatabase { try await $0.query("SELECT 1 AS found FROM files LIMIT 1") }
                return rows?.isEmpty == false
            }
            while mover.isRunning, !(await arrived()) { try await Task.sleep(for: .milliseconds(5)) }
            mover.signal(SIGKILL)
            _ = try await mover.result()
            let half = try await site.new.run(["read-only"])
            #expect(half.output.contains("on its way"), "\(half.output) \(half.errors)")
            // Nobody begins to use what is not all there.
            #expect(try await site.new.run(["read-only", "off"]).status == 1)
            let moved = try await site.old.run(["migrate-engine", "--to", site.new.databaseURL])
            #expect(moved.status == 0 && moved.output.contains("the pages of 300 projects"), "\(moved.output) \(moved.errors)")
            #expect(try await site.new.run(["read-only"]).output.contains("open"))
        }
    }

    #if DEBUG
    @Test func `a backup and a restore that are killed in the middle are run again`() async throws {
        try await MovingSite.run { site in
            #expect(try await site.old.run(["seed", "--projects", "4"]).status == 0)
            let backup = "\(site.folder)/backup"
            let killed = try await site.old.run(["backup", backup], ["EMPORIUM_FAULT": "storage.put.link:kill:10"])
            #expect(killed.status == SIGKILL)
            let none = try await site.old.run(["verify", backup])
            #expect(none.status == 1 && none.errors.contains("no finished backup"), "\(none.errors)")
            let saved = try await site.old.run(["backup", backup])
            // 16 files and 8 metadata; what the dead one had stored (seven or a few more: some are stored at once) is not sent again.
            #expect(saved.status == 0, "\(saved.errors)")
            let sent = try #require(saved.output.firstMatch(of: /24 files, of which (\d+) were sent/).flatMap { Int($0.1) }, "\(saved.output)")
            #expect((8...17).contains(sent), "\(saved.output)")

            let dead = try await site.new.run(["restore", backup], ["EMPORIUM_FAULT": "storage.put.link:kill:7"])
            #expect(dead.status == SIGKILL)
            let restored = try await site.new.run(["restore", backup])
            #expect(restored.status == 0 && restored.output.contains("16 files"), "\(restored.output) \(restored.errors)")
            let whole = try await site.new.run(["verify"])
            #expect(whole.status == 0, "\(whole.output)")
        }
    }
    #endif

    @Test func `a backup goes to a bucket and comes back from it`() async throws {
        let bucket = try await S3Server.shared(.seaweedfs)
        try await MovingSite.run { site in
            let keys = ["AWS_ACCESS_KEY_ID": S3Server.tenant.id, "AWS_SECRET_ACCESS_KEY": S3Server.tenant.secret]
            let place = bucket.location(prefix: "backup-\(UUID().uuidString)")
            #expect(try await site.old.run(["seed", "--projects", "2"]).status == 0)
            for sent in [12, 0] {
                let saved = try await site.old.run(["backup", place, "--keep", "1"], keys)
                #expect(saved.status == 0 && saved.output.contains("12 files, of which \(sent) were sent"), "\(saved.output) \(saved.errors)")
            }
            let checked = try await site.old.run(["verify", place], keys)
            #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
            let restored = try await site.new.run(["restore", place], keys)
            #expect(restored.status == 0, "\(restored.output) \(restored.errors)")
            let whole = try await site.new.run(["verify"])
            #expect(whole.status == 0 && whole.output.contains("whole"), "\(whole.output)")
        }
    }

    @Test func `faults are one line each and exit code 1, a wrong place is refused in one line`() async throws {
        try await MovingSite.run { site in
            #expect(try await site.old.run(["seed", "--projects", "1", "--releases", "1"]).status == 0)
            let backup = "\(site.folder)/backup"
            #expect(try await site.old.run(["backup", backup]).status == 0)
            let path = try #require(FileManager.default.subpaths(atPath: site.old.files)?.first { $0.hasSuffix(".whl") })
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(site.old.files)/\(path)")
            try Data("damaged".utf8).write(to: URL(fileURLWithPath: "\(site.old.files)/\(path)"))
            for command in [["verify"], ["backup", "\(site.folder)/second"]] {
                let found = try await site.old.run(command)
                #expect(found.status == 1 && found.outputLines.contains { $0.contains(path) }, "\(found.output) \(found.errors)")
            }
            // The first backup has it as it was.
            #expect(try await site.old.run(["verify", backup]).status == 0)

            func refused(_ result: ProgramResult, _ word: String) {
                #expect(result.status != 0 && result.errorLines.count == 1 && result.errors.contains(word), "\(result.output) \(result.errors)")
            }
            refused(try await site.old.run(["verify", "\(site.folder)/nothing"]), "no folder")
            refused(try await site.old.run(["backup", site.old.files]), "keeps its files")
            refused(try await site.old.run(["restore", backup]), "in use")
            refused(
                try await site.new.run(["restore", backup], ["EMPORIUM_SECRET_KEY": "another secret key, long enough to be one"]),
                "another secret key"
            )
            let another = ["EMPORIUM_DATA": "\(site.folder)/third", "EMPORIUM_DATABASE_URL": "sqlite:\(site.folder)/third.sqlite"]
            #expect(try await site.old.run(["migrate"], another).status == 0)
            refused(try await site.old.run(["backup", backup], another), "another index")
            #expect(try await site.old.run(["user", "create", "bob", "--email", "bob@example.org"], another).status == 0)
            refused(try await site.old.run(["migrate-engine", "--to", "sqlite:\(site.folder)/third.sqlite"]), "another index")
            refused(try await site.old.run(["restore", backup], another), "another index")
        }
    }

    @Test func `the secret key goes into no backup, and into a file of one's own only when asked`() async throws {
        try await withFolder { folder in
            let data = ["EMPORIUM_PYTHON": "/no/interpreter"]
            #expect(try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder, environment: data).status == 0)
            #expect(try await Program.run("token", "create", "alice", in: folder, environment: data).status == 0)
            let key = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/emporium-data/secret-key"))
            let saved = try await Program.run("backup", "backup", "--with-secrets", "key", in: folder, environment: data)
            #expect(saved.status == 0, "\(saved.errors)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/key")) == key)
            #expect(try FileManager.default.attributesOfItem(atPath: "\(folder)/key")[.posixPermissions] as? Int == 0o600)
            for path in FileManager.default.subpaths(atPath: "\(folder)/backup") ?? [] {
                guard let bytes = FileManager.default.contents(atPath: "\(folder)/backup/\(path)") else { continue }
                #expect(bytes.range(of: key) == nil, "\(path)")
            }
            // Never over a file that is there.
            #expect(try await Program.run("backup", "backup", "--with-secrets", "key", in: folder, environment: data).status == 1)
            let without = try await Program.run("restore", "backup", "--data", "elsewhere", in: folder, environment: data)
            #expect(without.status == 1 && without.errors.contains("secret-key"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/elsewhere/secret-key"))
            try FileManager.default.createDirectory(atPath: "\(folder)/elsewhere", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: "\(folder)/key", toPath: "\(folder)/elsewhere/secret-key")
            let restored = try await Program.run("restore", "backup", "--data", "elsewhere", in: folder, environment: data)
            #expect(restored.status == 0, "\(restored.errors)")
        }
    }

    @Test func `long work that is told to stop says so, and goes on the next time`() async throws {
        try await withFolder { folder in
            let arguments = ["seed", "--rows-only", "--projects", "6000", "--files", "30000", "--even"]
            let seed = try RunningProgram(arguments, in: folder)
            while seed.isRunning, !FileManager.default.fileExists(atPath: "\(folder)/emporium-data/emporium.sqlite-wal") {
                try await Task.sleep(for: .milliseconds(5))
            }
            while seed.isRunning {
                let size = try FileManager.default.attributesOfItem(atPath: "\(folder)/emporium-data/emporium.sqlite-wal")[.size] as? Int ?? 0
                if size > 1 << 20 { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            seed.signal(SIGTERM)
            let stopped = try await seed.result()
            #expect(stopped.status == 1 && stopped.errors.contains("Stopped"), "\(stopped.status) \(stopped.errors)")
            let ended = try await RunningProgram(arguments, in: folder).result()
            #expect(ended.status == 0 && ended.errors.contains("30000/30000"), "\(ended.errors)")
        }
    }
}
