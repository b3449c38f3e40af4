import FaultPoints
import Foundation
import TestSupport
import Testing

/// Fault points are of debug builds, and there of those alone who ask for them.
@Suite struct FaultPointTests {
    #if DEBUG
    @Test func `the matrix kills at every point`() {
        let untested = Set(FaultPoint.allCases).subtracting(CrashCase.all.map(\.point))
        // These have tests of their own: the first start, an upload that finds its bytes there already, and a download.
        #expect(untested == [.secretKeyWrite, .secretKeyLinked, .putSyncPresent, .open])
    }

    @Test func `a debug build takes the variable for no setting`() async throws {
        try await withFolder { folder in
            let check = try await Program.run("check", in: folder, environment: ["EMPORIUM_FAULT": "answer:kill"])
            #expect(check.status == 0, "\(check.errors)")
            #expect(!check.output.contains("EMPORIUM_FAULT"))
        }
    }

    @Test func `an order that can not be followed stops the program, so that no test passes without its fault`() async throws {
        for fault in ["nowhere:kill", "answer:eio", "answer:sleep", "answer"] {
            try await withFolder { folder in
                let serve = try await Program.run("serve", "--port", "0", in: folder, environment: ["EMPORIUM_FAULT": fault])
                #expect(serve.status != 0 && serve.errors.contains("can not be followed"))
            }
        }
    }
    #endif

    private static let release = URL(fileURLWithPath: Program.executable).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "release/emporium")

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: release.path), "swift build -c release --product emporium makes what this looks at")
    )
    func `a release has no fault point, not even a name of one`() async throws {
        let program = try Data(contentsOf: Self.release, options: .mappedIfSafe)
        // That it finds what is there.
        #expect(program.range(of: Data("EMPORIUM_".utf8)) != nil || program.range(of: Data("There is no setting".utf8)) != nil)
        for text in ["EMPORIUM_FAULT", "storage.put.linked", "record.committed", "secret-key.linked", "can not be followed"] {
            #expect(program.range(of: Data(text.utf8)) == nil, "\(text)")
        }
    }
}
