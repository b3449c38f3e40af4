// Archives that others made: the tools' own source distributions, and the good and bad samples in them.

import Foundation
import TestPrograms
import Testing

@testable import Distributions

@Suite struct RealDistributionsTests {
    /// Those that must be refused, and why. (`broken-tarball.tar.gz` is broken in its metadata only.)
    static let refused = [
        "malformed.tar.gz": "gzip data ends too early", "nodistinfo-0.1-any.whl": "does not contain the required WHEEL file",
    ]

    @Test func `good distributions of others are accepted and bad ones refused`() async throws {
        let folder = try await Self.fetched()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for name in names {
            let refusal = Self.refusal(of: "\(folder)/\(name)", name: name)
            if let reason = Self.refused[name] {
                #expect(refusal?.contains(reason) == true, "\(name): \(refusal ?? "accepted")")
            } else {
                #expect(refusal == nil, "\(name)")
            }
        }
        #expect(names.count >= 15)
        #expect(Self.refused.keys.allSatisfy(names.contains))
    }

    /// Why a file is not accepted as it is; nil when it is.
    private static func refusal(of path: String, name: String) -> String? {
        do {
            if name.hasSuffix(".whl") {
                let wheel = try DistributionInspection.inspect(wheelAt: path, filename: name)
                return wheel.record.isFaithful ? nil : "its RECORD is wrong"
            }
            _ = try DistributionInspection.inspect(sourceDistributionAt: path, filename: name)
            return nil
        } catch {
            return error.message
        }
    }

    /// The folder with the files, which are fetched once.
    static func fetched() async throws -> String {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        let fixtures = tests.appending(path: "Fixtures/distributions").path
        let python = try await PythonEnvironment.interpreter("distributions", requirements: "Tests/Fixtures/distributions/requirements.txt")
        let environment = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent()
        // Beside the environment: what is fetched depends on the same requirements.
        let folder = environment.path + "-fetched"
        _ = try await ChildProcess.run([python, "-B", "\(fixtures)/fetch.py", folder]).succeeded()
        return folder
    }
}
