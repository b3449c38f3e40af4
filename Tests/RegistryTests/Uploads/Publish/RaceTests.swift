import Backends
import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

/// Two uploads that come at once and touch the same things, two hundred times each.
@Suite struct `Uploads that race` {
    private static let rounds = 200

    /// How an upload ended: well, or with a refusal. Anything else, as well as "try again", is a failure of the index.
    private enum Ending: Hashable {
        case published
        case alreadyPublished
        case refused(String)
    }

    /// Publishes at once what `uploads` makes for each round, and hands the endings to `check`; then makes sure that the index adds up.
    private func race(_ uploads: (Int) -> [UploadBuilder], files: Int, _ check: ([Ending]) -> Void) async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            for round in 1...Self.rounds {
                let endings = try await withThrowingTaskGroup(of: Ending.self) { group in
                    for upload in uploads(round) {
                        group.addTask {
                            do {
                                return try await test.publish(upload, token: token) == .alreadyPublished ? .alreadyPublished : .published
                            } catch let rejection as Rejection where rejection.reason == .invalid {
                                return .refused(rejection.message)
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                check(endings)
            }
            try await checkPages(test, files: files)
            try await checkJournal(test)
        }
    }

    /// Every project is there once, and its page lists as many files as one round makes.
    private func checkPages(_ test: TestIndex, files: Int) async throws {
        let rows = try await test.db.query("SELECT normalized_name, (SELECT COUNT(*) FROM releases r WHERE r.project_id = p.id) AS n FROM projects p")
        #expect(rows.count == Self.rounds)
        for row in rows {
            #expect(try row["n", as: Int.self] == 1)
            let name = NormalizedName(normalizing: try row["normalized_name"])
            let page = try #require(try await test.index.simplePage(of: name, format: .v1JSON))
            #expect(String(decoding: page.body, as: UTF8.self).split(separator: #""filename":"#).count == files + 1)
        }
    }

    /// Serials have no gaps, and each project's lines are in the order in which things came to be.
    private func checkJournal(_ test: TestIndex) async throws {
        let rows = try await test.db.query("SELECT serial, project_name, action FROM journal ORDER BY serial")
        #expect(try rows.map { try $0["serial", as: Int64.self] } == Array(1..<Int64(rows.count + 1)))
        #expect(try await test.db.read { try $0.journal.lastSerial() } == Int64(rows.count))
        var actions: [NormalizedName: [String]] = [:]
        var last: [NormalizedName: Int64] = [:]
        for row in rows {
            let name = NormalizedName(normalizing: try row["project_name"])
            let action: String = try row["action"]
            actions[name, default: []].append(action.hasSuffix(".whl") || action.hasSuffix(".tar.gz") ? "file" : action)
            last[name] = try row["serial"]
        }
        for (name, actions) in actions {
            #expect(Array(actions.prefix(4)) == ["create", "add Owner alice", "new release", "file"])
            #expect(actions.dropFirst(4).allSatisfy { $0 == "file" })
            let stored = try await test.db.query("SELECT last_serial FROM projects WHERE normalized_name = \(name.value)")
            #expect(try stored[0]["last_serial", as: Int64.self] == last[name])
        }
    }

    @Test func `the same file twice is published once, and both senders are content`() async throws {
        try await race({ Array(repeating: .wheel("demo-\($0)-x", "1.0"), count: 2) }, files: 1) { endings in
            #expect(Set(endings) == [.published, .alreadyPublished])
        }
    }

    @Test func `two files of one new release are both published`() async throws {
        try await race({ [.wheel("demo-\($0)-x", "1.0"), .sdist("demo-\($0)-x", "1.0")] }, files: 2) { endings in
            #expect(endings == [.published, .published])
        }
    }

    @Test func `two spellings of one new project make one project`() async throws {
        try await race({ [.wheel("My.Proj-\($0)-x", "1.0"), .wheel("my-proj_\($0).x", "1.0", tag: "py2-none-any")] }, files: 2) { endings in
            #expect(endings == [.published, .published])
        }
    }

    @Test func `of different bytes under one name, one wins`() async throws {
        func wheel(_ round: Int, _ content: String) -> UploadBuilder {
            var distribution = DistributionBuilder("demo-\(round)-x", "1.0")
            distribution.members = [("data.txt", Array(content.utf8))]
            return UploadBuilder("demo-\(round)-x", "1.0", file: distribution.wheel())
        }
        try await race({ [wheel($0, "one"), wheel($0, "other")] }, files: 1) { endings in
            #expect(endings.count { $0 == .published } == 1)
            #expect(endings.contains { if case .refused(let message) = $0 { message.hasPrefix("File already exists") } else { false } })
        }
    }

    @Test func `of two sdists of one release, one wins`() async throws {
        try await race({ [.sdist("demo-\($0)-x", "1.0"), .sdist("demo-\($0)-x", "1.0.0")] }, files: 1) { endings in
            #expect(endings.count { $0 == .published } == 1)
            #expect(endings.contains { if case .refused(let message) = $0 { message.hasPrefix("Only one sdist") } else { false } })
        }
    }

    @Test func `an upload that fails never takes the bytes of its twin away`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let token = try await test.token()
            let broken = test.index(storage: WatchedStorage(storage: test.storage, afterPut: { throw BrokenDisk() }))
            for round in 1...Self.rounds {
                let upload = UploadBuilder.wheel("demo-\(round)-x", "1.0")
                async let failed: Void = {
                    do { _ = try await broken.publish(upload.received(as: .token(token), in: test.folder)) } catch is Rejection {}
                }()
                async let published = test.publish(upload, token: token)
                #expect(try await published == .published())
                // It may also find its twin done, and be content.
                try await failed
            }
            // The run checks that every file has its bytes.
        }
    }
}
