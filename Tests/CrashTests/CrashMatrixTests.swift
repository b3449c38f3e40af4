// The server is killed at every point of an upload. Whatever the point, the file is there wholly or not at all, and nothing is ever left behind.

import FaultPoints
import Foundation
import TestSupport
import Testing

#if DEBUG

/// When the server dies, and what readers must find afterwards.
struct CrashCase: Sendable, CustomTestStringConvertible {
    /// Which point, and which time it is passed.
    let point: FaultPoint
    let occurrence: Int
    let engine: TestEngine
    let target: Target

    /// What the upload meets.
    enum Target: String, CaseIterable, Sendable {
        case newProject
        case existingRelease
    }

    var testDescription: String { "\(point.rawValue):\(occurrence) on \(engine), \(target.rawValue)" }

    /// Each point as often as passing it again is a different moment: most are passed once for the file and once for its metadata.
    static func occurrences(of point: FaultPoint) -> [Int] {
        switch point {
        case .uploadWrite: [1, 3]
        // Three folders each on the way to the file and its metadata.
        case .putMakeFolder: [1, 3, 4]
        case .putSyncFile, .putLink, .putLinked, .putDone, .delete, .deleteSyncFolder: [1, 2]
        // The same three and the root.
        case .putSyncFolder: [1, 4, 5]
        // No upload of the matrix passes these: see the tests below, and of what a crash left.
        case .secretKeyWrite, .secretKeyLinked, .putSyncPresent, .open: []
        default: [1]
        }
    }

    static let all: [CrashCase] = FaultPoint.allCases.flatMap { point in
        occurrences(of: point).flatMap { occurrence in
            TestEngine.engines.flatMap { engine in
                Target.allCases.map { CrashCase(point: point, occurrence: occurrence, engine: engine, target: $0) }
            }
        }
    }

    var isInSweep: Bool {
        switch point {
        case .sweepCommit, .sweepMarked, .delete, .deleteSyncFolder, .sweepDeleted, .sweepForgotten: true
        default: false
        }
    }

    /// A sweep needs an upload that fails once all its bytes lie there.
    var fault: String { (isInSweep ? "\(FaultPoint.putSyncFolder.rawValue):eio:5," : "") + "\(point.rawValue):kill:\(occurrence)" }

    /// Whether the server died after the commit.
    var isVisible: Bool { point == .recordCommitted || point == .answer }

    /// Whether the dead server was just taking the file away, so that the next upload of it has to wait until that is certain.
    var mayBeBusy: Bool {
        switch point {
        case .sweepMarked, .delete, .deleteSyncFolder, .sweepDeleted: true
        default: false
        }
    }

    /// Half the cases send the file again before the orphan is swept, half after; each point has both on each target.
    var sweepsFirst: Bool { (engine == .sqlite) == (target == .newProject) }
}

@Suite(.timeLimit(.minutes(5))) struct CrashMatrixTests {
    /// Large enough to come in in several pieces.
    static let upload: UploadBuilder = {
        var distribution = DistributionBuilder("demo", "1.0")
        distribution.members = [("data.bin", [UInt8](repeating: 7, count: 150_000))]
        return UploadBuilder("demo", "1.0", file: distribution.wheel())
    }()

    private static let earlier = UploadBuilder.wheel("demo", "1.0", tag: "py2-none-any")

    @Test(arguments: CrashCase.all)
    func `killed at any point, the upload is there wholly or not at all, and nothing is left behind`(crash: CrashCase) async throws {
        let others = crash.target == .existingRelease
        try await CrashSite.run(crash.engine, publishing: others ? Self.earlier : nil) { site in
            let before = try await site.census()
            try await site.start(fault: crash.fault).dieUnder(Self.upload)

            if crash.sweepsFirst { try await site.sweep() }
            let server = try await site.start()
            try site.checkNothingIsHalfReceived()
            try await server.check(Self.upload, isVisible: crash.isVisible, others: others)
            if others { try await server.check(Self.earlier, isVisible: true, others: true) }
            try await site.checkSerials()
            if !crash.isVisible { #expect(try await site.census() == before) }
            if crash.sweepsFirst { try await site.checkNothingIsLeft() }

            var again = try await server.upload(Self.upload)
            if crash.mayBeBusy, !crash.sweepsFirst {
                #expect(again.status == 503 && again.reason.contains("try again in a minute"), "\(again.statusLine)")
                try await site.sweep()
                again = try await server.upload(Self.upload)
            }
            #expect(again.status == 200, "\(again.statusLine)")
            try await server.check(Self.upload, isVisible: true, others: others)

            try await site.sweep()
            try await server.check(Self.upload, isVisible: true, others: others)
            if others { try await server.check(Self.earlier, isVisible: true, others: true) }
            try await site.checkSerials()
            try await site.checkNothingIsLeft()
            try await server.stop()
        }
    }

    @Test(arguments: [FaultPoint.secretKeyWrite, .secretKeyLinked])
    func `killed on its first start, the server starts the next time and keeps its key`(point: FaultPoint) async throws {
        try await withFolder { folder in
            let first = try await Program.run("serve", "--port", "0", in: folder, environment: ["EMPORIUM_FAULT": "\(point.rawValue):kill"])
            #expect(first.status == SIGKILL)
            #expect(try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder).status == 0)
            let token = try await Program.run("token", "create", "alice", in: folder).outputLines.first ?? ""
            let program = try RunningProgram(["serve", "--port", "0"], in: folder)
            let client = WebClient(port: try await program.ready())
            #expect(try await client.upload(Self.earlier, authorization: "Bearer \(token)").status == 200)
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }
}

#endif
