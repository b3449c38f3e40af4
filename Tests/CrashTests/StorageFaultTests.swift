// A disk that is full, or fails, at each place where it can: the server lives on, says so, and leaves nothing behind.

import Backends
import FaultPoints
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

#if DEBUG

/// Which system call fails, and how.
struct FaultCase: Sendable, CustomTestStringConvertible {
    let point: FaultPoint
    let occurrence: Int
    let action: String
    let engine: TestEngine

    var testDescription: String { "\(point.rawValue):\(action):\(occurrence) on \(engine)" }

    /// What the sentence must say.
    var word: String { action == "enospc" ? "full" : "failed" }

    /// The calls of an upload that nothing was wrong with before.
    private static let points = FaultPoint.allCases.filter { $0.canFail && ![.delete, .deleteSyncFolder, .putSyncPresent, .open].contains($0) }

    static let all: [FaultCase] = points.flatMap { point in
        CrashCase.occurrences(of: point).flatMap { occurrence in
            ["enospc", "eio"].flatMap { action in
                TestEngine.engines.map { FaultCase(point: point, occurrence: occurrence, action: action, engine: $0) }
            }
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct StorageFaultTests {
    private func expectUnavailable(_ answer: RawResponse, _ word: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(answer.status == 503, "\(answer.statusLine)", sourceLocation: sourceLocation)
        #expect(answer.reason.contains(word) && answer.text.contains(answer.reason), "\(answer.text)", sourceLocation: sourceLocation)
    }

    @Test(arguments: FaultCase.all)
    func `a disk that is full or fails once is 503 with the reason, leaves nothing, and the same upload then succeeds`(fault: FaultCase) async throws
    {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(fault.engine) { site in
            let before = try await site.census()
            let server = try await site.start(fault: "\(fault.point.rawValue):\(fault.action):\(fault.occurrence)")
            expectUnavailable(try await server.upload(upload), fault.word)
            #expect(try await server.client.get("/_health/").status == 200)
            try await server.check(upload, isVisible: false, others: false)
            #expect(try await site.census() == before)
            try await site.checkNothingIsLeft()

            let again = try await server.upload(upload)
            #expect(again.status == 200, "\(again.statusLine)")
            try await server.check(upload, isVisible: true, others: false)
            try await site.checkNothingIsLeft()
            try await server.stop()
        }
    }

    @Test(arguments: [FaultPoint.putSyncFile, .putSyncFolder], TestEngine.engines)
    func `a disk that keeps failing never lets an upload through`(point: FaultPoint, engine: TestEngine) async throws {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(engine) { site in
            let broken = try await site.start(fault: "\(point.rawValue):eio:*")
            for _ in 1...2 { expectUnavailable(try await broken.upload(upload), "failed") }
            try await broken.check(upload, isVisible: false, others: false)
            try await broken.stop()
            let repaired = try await site.start()
            #expect(try await repaired.upload(upload).status == 200)
            try await repaired.check(upload, isVisible: true, others: false)
            try await site.checkNothingIsLeft()
            try await repaired.stop()
        }
    }

    @Test(arguments: ["storage.delete:eio:1", "storage.delete:eio:2", "storage.delete.sync-folder:eio:1"], TestEngine.engines)
    func `when taking the bytes away fails too, the sweep does it later`(fault: String, engine: TestEngine) async throws {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(engine) { site in
            let server = try await site.start(fault: "storage.put.sync-folder:eio:5,\(fault)")
            expectUnavailable(try await server.upload(upload), "failed")
            try await server.check(upload, isVisible: false, others: false)
            try await site.sweep()
            try await site.checkNothingIsLeft()
            #expect(try await server.upload(upload).status == 200)
            try await server.check(upload, isVisible: true, others: false)
            try await server.stop()
        }
    }

    // What a crash left may never have reached the disk: an upload that finds its bytes there already has to see to that as if it had written them.
    @Test(arguments: ["storage.put.sync-present:eio", "storage.put.sync-folder:eio:1", "storage.put.sync-folder:eio:4"], TestEngine.engines)
    func `bytes that a crash left are synchronized again before they count`(fault: String, engine: TestEngine) async throws {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(engine) { site in
            try await site.start(fault: "storage.put.linked:kill").dieUnder(upload)
            let server = try await site.start(fault: fault)
            expectUnavailable(try await server.upload(upload), "failed")
            try await server.check(upload, isVisible: false, others: false)
            #expect(try await server.upload(upload).status == 200)
            try await server.check(upload, isVisible: true, others: false)
            try await site.sweep()
            try await site.checkNothingIsLeft()
            try await server.stop()
        }
    }

    @Test func `a download from a disk that fails is 503, and the next one succeeds`() async throws {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(.sqlite, publishing: upload) { site in
            // The worker would look into the file meanwhile, and meet the fault.
            try await site.withIndex { index in
                _ = try await index.database.write { try $0.execute("DELETE FROM jobs WHERE kind = 'summarize-contents'") }
            }
            let server = try await site.start(fault: "storage.open:eio:2")
            let failed = try await server.client.get(CrashServer.path(of: upload))
            #expect(failed.status == 503 && failed.text.contains("storage failed"), "\(failed.statusLine)")
            try await server.check(upload, isVisible: true, others: false)
            try await server.stop()
        }
    }

    @Test func `bytes at an upload's place that are not its own are never trusted, and give way when they are nobody's`() async throws {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(.sqlite) { site in
            let path = String(CrashServer.path(of: upload).dropFirst("/packages/".count))
            try await site.withIndex { index in try await index.storage.put(Array(upload.bytes.dropLast(100)), at: StoragePath(path)) }
            let server = try await site.start()
            expectUnavailable(try await server.upload(upload), "failed")
            try await server.check(upload, isVisible: false, others: false)
            #expect(try await server.upload(upload).status == 200)
            try await server.check(upload, isVisible: true, others: false)
            try await server.stop()
        }
    }

    // The sweep that the first upload noted looks too early for the second.
    @Test(arguments: TestEngine.engines) func `a file whose upload died twice is swept all the same`(engine: TestEngine) async throws {
        let upload = CrashMatrixTests.upload
        try await CrashSite.run(engine) { site in
            for _ in 1...2 { try await site.start(fault: "record.commit:kill").dieUnder(upload) }
            // The second came ninety minutes after the first, whose sweep so finds it alive.
            try await site.withIndex { index in
                _ = try await index.database.write { try $0.execute("UPDATE pending_files SET touched_at = touched_at + \(5400 * 1_000_000)") }
            }
            try await site.sweep()
            #expect(try await site.withIndex { try await CrashSite.files(in: $0).count } == 2)
            try await site.sweep(after: .seconds(2 * 7200))
            try await site.start().stop()
            try await site.checkNothingIsLeft()
        }
    }
}

#endif
