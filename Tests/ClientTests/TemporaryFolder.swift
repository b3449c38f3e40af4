// Where tests keep their files, and where the repository keeps its own.

import Foundation

/// A folder that goes away with the last reference to it.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("clients-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // A client that was killed may still be writing: what is left is the system's to clean.
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file, making the folders that it is in.
    func write(_ text: String, to name: String) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// The names in a folder of this one, sorted; none when it is not there.
    func contents(of name: String) -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted() }
}

enum Repository {
    /// The folder of these tests.
    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

    static func script(_ name: String) -> String { tests.appendingPathComponent("scripts/\(name)").path }
}
