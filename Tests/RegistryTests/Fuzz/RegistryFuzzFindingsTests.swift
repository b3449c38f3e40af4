// What fuzzing starts from and what it once found, run again on every test run.

import Foundation
import Testing

struct RegistryFuzzFindingsTests {
    /// The files of `Tests/Fixtures/fuzz/NAME` for each invariant of this module.
    static let inputs: [(name: String, file: URL)] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/fuzz")
        return invariants.keys.sorted().flatMap { name in
            let files = (try? FileManager.default.contentsOfDirectory(at: root.appending(path: name), includingPropertiesForKeys: nil)) ?? []
            return files.sorted { $0.path < $1.path }.map { (name, $0) }
        }
    }()

    @Test func `every seed and every finding keeps its invariant`() throws {
        for (name, file) in Self.inputs {
            let broken = invariants[name]?([UInt8](try Data(contentsOf: file)))
            #expect(broken == nil, "\(name)/\(file.lastPathComponent)")
        }
        #expect(!Self.inputs.isEmpty)
    }
}
