import Backends
import Distributions
import Foundation
import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry

/// Rows without bytes. (Each test takes its files away again: a row without bytes is an error elsewhere.)
@Suite struct InsertInBulkTests {
    private func project(_ name: String, _ versions: [String]) throws -> BulkProject {
        BulkProject(
            name: try ProjectName(name),
            uuid: "uuid of \(name)",
            summary: "Made up",
            requiresPython: ">=3.8",
            releases: try versions.map { version in
                let module = NormalizedName(normalizing: name).value.replacing("-", with: "_")
                let files = ["\(module)-\(version).tar.gz", "\(module)-\(version)-py3-none-any.whl"].map { filename in
                    BulkProject.File(
                        filename: filename,
                        digests: Digests(of: Array(filename.utf8)),
                        metadata: filename.hasSuffix(".whl") ? Digests(of: Array("metadata of \(filename)".utf8)) : nil,
                        pythonVersion: filename.hasSuffix(".whl") ? "py3" : "source"
                    )
                }
                return BulkProject.Release(version: try Version(version), isYanked: version == "0.1", files: files)
            }
        )
    }

    private func run(_ body: (TestIndex, User) async throws -> Void) async throws {
        try await TestIndex.run { test in
            try await body(test, try await test.user())
            let stored = try await test.storage.list().map(\.text)
            try await test.db.write { try $0.execute("DELETE FROM files WHERE path NOT IN (\(list: stored + [""]))") }
        }
    }

    // index §1, §0.7
    @Test func `what is inserted is listed like what is published, with a journal and serials in order`() async throws {
        try await run { test, owner in
            try await test.publish(UploadBuilder.wheel("before", "1.0"), token: test.token())
            let before = try await test.db.read { try $0.journal.lastSerial() }
            try await test.index.insertInBulk([project("First.One", ["0.1", "1.0"]), project("second", ["2.0"])], owner: owner)
            let page = try #require(try await test.index.simplePage(of: NormalizedName(normalizing: "first-one"), format: .v1JSON))
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(text.contains("\"first_one-1.0-py3-none-any.whl\""))
            #expect(text.contains("\"versions\":[\"0.1\",\"1.0\"]"))
            #expect(text.components(separatedBy: "\"yanked\":true").count == 3)
            // create, role, two releases, four files; then as much with one release for the other.
            #expect(page.lastSerial == before + 8)
            let rows = try await test.db.query(
                "SELECT serial, project_name, version, action, submitted_by FROM journal WHERE serial > \(before) ORDER BY serial"
            )
            let lines = try rows.map { row in
                let version = try row[at: 2, as: String?.self] ?? "-"
                return "\(try row[at: 0, as: Int64.self] - before) \(try row[at: 1, as: String.self]) \(version) \(try row[at: 3, as: String.self])"
            }
            #expect(
                lines.prefix(5) == [
                    "1 First.One - create", "2 First.One - add Owner alice", "3 First.One 0.1 new release",
                    "4 First.One 0.1 add source file first_one-0.1.tar.gz", "5 First.One 0.1 add py3 file first_one-0.1-py3-none-any.whl",
                ]
            )
            #expect(lines.last == "13 second 2.0 add py3 file second-2.0-py3-none-any.whl")
            #expect(try rows.allSatisfy { try $0[at: 4, as: String.self] == "alice" })
            let last = try await test.db.read { try $0.journal.lastSerial() }
            #expect(last == before + 13)
            // Later changes go on from there, and its owner may make them.
            try await test.publish(UploadBuilder.wheel("second", "3.0"), token: test.token())
            let after = try await test.db.read { try $0.journal.lastSerial() }
            #expect(after == last + 2)
            let unlike = try await test.db.query(
                "SELECT name FROM projects WHERE total_size <> (SELECT SUM(size) FROM files WHERE project_id = projects.id)"
            )
            #expect(unlike.isEmpty)
        }
    }

    @Test func `every cache of every process drops everything, once`() async throws {
        try await run { test, owner in
            let other = test.anotherProcess()
            try await other.catchUpWithTouchedTags()
            let (here, there) = (Drops(test.index), Drops(other))
            try await test.index.insertInBulk([project("one", ["1.0"]), project("two", ["1.0"])], owner: owner)
            try await other.catchUpWithTouchedTags()
            #expect(here.count == 1 && there.count == 1)
        }
    }

    @Test func `a name that is taken undoes the whole batch`() async throws {
        try await run { test, owner in
            try await test.index.insertInBulk([project("one", ["1.0"])], owner: owner)
            let serial = try await test.db.read { try $0.journal.lastSerial() }
            await #expect(throws: DatabaseError.self) {
                try await test.index.insertInBulk([project("two", ["1.0"]), project("one", ["2.0"])], owner: owner)
            }
            let found = try await test.db.read { try $0.projects.find(NormalizedName(normalizing: "two")) }
            #expect(found == nil)
            let last = try await test.db.read { try $0.journal.lastSerial() }
            #expect(last == serial)
        }
    }
}
