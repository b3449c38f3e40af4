import CZstd
import Distributions
import Foundation
import NIOCore
import Packaging
import SQLDatabase
import TestSupport
import Testing

@testable import Registry
@testable import Web

/// The list of all projects, kept in pieces.
struct ProjectListTests {
    private func plain(_ page: ProjectList.Page, _ coding: ContentCoding) throws -> String {
        let bytes = page.buffers.flatMap { Array($0.readableBytesView) }
        switch coding {
        case .identity: return String(decoding: bytes, as: UTF8.self)
        case .gzip: return String(decoding: try Compression.inflate(bytes, format: .gzip, limit: 1 << 24), as: UTF8.self)
        case .zstd:
            let all = [UInt8](unsafeUninitializedCapacity: 1 << 22) { output, count in
                count = ZSTD_decompress(output.baseAddress, 1 << 22, bytes, bytes.count)
                if ZSTD_isError(count) != 0 { count = 0 }
            }
            return String(decoding: all, as: UTF8.self)
        }
    }

    /// The whole list as it would be written in one go.
    private func expected(_ test: TestIndex, _ format: ProjectList.Format) async throws -> String {
        let index = try await test.index.readProjectList { list in
            SimpleIndex(lastSerial: try list.lastSerial(), projects: try list.projects(from: "", to: nil))
        }
        return String(decoding: format == .json ? index.json : index.html, as: UTF8.self)
    }

    private func check(_ list: ProjectList, _ test: TestIndex, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for format in [ProjectList.Format.json, .html] {
            let all = try await expected(test, format)
            for coding in ContentCoding.allCases {
                let page = try await list.page(format, coding, of: test.index)
                #expect(try plain(page, coding) == all, "\(format) \(coding)", sourceLocation: sourceLocation)
            }
        }
    }

    private func create(_ names: [String], _ test: TestIndex) async throws {
        try await test.db.write { tx in
            for name in names {
                let name = try ProjectName(name)
                let project = try tx.projects.insert(uuid: UUID().uuidString, name: name, now: 0)
                try tx.journal.append([JournalEntry(version: nil, action: .create)], to: project, name: name.raw, by: nil, now: 0)
            }
        }
    }

    @Test func `the pieces make the page that one go would have made, in each form`() async throws {
        try await TestIndex.run { test in
            let list = ProjectList(runLength: 4)
            try await check(list, test)
            try await create((0..<3).map { "a\($0)" }, test)
            try await check(list, test)
            try await create((0..<30).map { "P.\(29 - $0)" }, test)
            try await check(list, test)
            try await create(["0", "zz", "m", "a-0"], test)
            try await check(list, test)
        }
    }

    @Test func `whatever happens to projects, the pieces follow`() async throws {
        try await TestIndex.run { test in
            let list = ProjectList(runLength: 3)
            try await create((10..<40).map { "p\($0)" }, test)
            try await check(list, test)
            var random = SystemRandomNumberGenerator()
            for round in 0..<20 {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let number = Int.random(in: 10..<40, using: &random)
                    try await test.db.write { tx in
                        guard let project = try tx.projects.find(NormalizedName(normalizing: "p\(number)")) else { return }
                        let status: String? = [nil, "quarantine-enter", "archived"].randomElement()!
                        try tx.execute("UPDATE projects SET lifecycle_status = \(status) WHERE id = \(project.id)")
                        try tx.touchEverywhere(project)
                    }
                }
                if round % 5 == 0 { try await create(["n\(round)", "0\(round)", "q\(round)"], test) }
                try await check(list, test)
            }
        }
    }

    @Test func `a list whose first projects all go away still begins without a comma`() async throws {
        try await TestIndex.run { test in
            let list = ProjectList(runLength: 2)
            try await create(["a", "b", "c", "d", "e"], test)
            try await check(list, test)
            for name in ["a", "b", "c"] {
                try await test.db.write { tx in
                    let project = try #require(try tx.projects.find(NormalizedName(normalizing: name)))
                    try tx.execute("UPDATE projects SET lifecycle_status = 'quarantine-enter' WHERE id = \(project.id)")
                    try tx.touchEverywhere(project)
                }
                try await check(list, test)
            }
        }
    }

    @Test func `what can not be told apart is read anew`() async throws {
        try await TestIndex.run { test in
            let list = ProjectList(runLength: 2)
            try await create(["a", "b", "c", "d", "e"], test)
            try await check(list, test)
            try await test.db.write { tx in
                try tx.execute("UPDATE projects SET name = UPPER(name)")
                try tx.touch(.allProjects)
            }
            try await check(list, test)
            try await test.db.write { tx in
                try tx.execute("UPDATE projects SET name = LOWER(name)")
                try tx.touch(.project(NormalizedName(normalizing: "a")))
            }
            try await test.db.write { _ = try $0.execute("DELETE FROM touched_tags") }
            try await check(list, test)
        }
    }

    @Test func `a page that did not change keeps its entity tag, one that did has another, and so has each encoding`() async throws {
        try await TestIndex.run { test in
            let list = ProjectList(runLength: 2)
            try await create(["a", "b", "c"], test)
            let first = try await list.page(.json, .gzip, of: test.index)
            let again = try await list.page(.json, .gzip, of: test.index)
            let plain = try await list.page(.json, .identity, of: test.index)
            #expect(first.entityTag == again.entityTag)
            #expect(first.entityTag != plain.entityTag)
            try await create(["d"], test)
            #expect(try await list.page(.json, .gzip, of: test.index).entityTag != first.entityTag)
        }
    }
}
