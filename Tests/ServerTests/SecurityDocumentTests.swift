import Foundation
import Testing

/// `docs/SECURITY-TESTS.md` names tests. A renamed or deleted test makes the page untrue, so it is noticed here.
@Suite struct SecurityDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// The name of every test in the sources, as written between backticks.
    private static func testNames() throws -> Set<String> {
        let folder = root.appending(path: "Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var names: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /func `([^`]+)`/) { names.insert(String(match.output.1)) }
        }
        return names
    }

    @Test func `every test that the page about attacks names exists, and every row has a test or the capability it waits for`() throws {
        let names = try Self.testNames()
        let page = try String(contentsOf: Self.root.appending(path: "docs/SECURITY-TESTS.md"), encoding: .utf8)
        var rows = 0
        for line in page.split(separator: "\n") where line.hasPrefix("| ") {
            // A cell ends at a bar; test names hold none.
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let last = cells.last, cells.count >= 3, last != "Test" else { continue }
            rows += 1
            let tests = last.matches(of: /`([^`]+)`/).map { String($0.output.1) }
            #expect(!tests.isEmpty || last.hasPrefix("arrives with "), "\(line)")
            for test in tests { #expect(names.contains(test), "there is no test called: \(test)") }
        }
        #expect(rows > 50)
    }
}
