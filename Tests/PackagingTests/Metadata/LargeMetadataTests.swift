// Metadata as large as it may be, of the kind that takes hours where every value is compared with every other.

import Packaging
import Testing

@Suite(.serialized) struct LargeMetadataTests {
    private static let count = 8_000

    /// Spellings of one text that are canonically equivalent, and different all the same: to `String` they are equal and have one hash.
    private static func spelling(_ number: Int) -> String {
        (0..<18).map { number >> $0 & 1 == 0 ? "\u{E9}" : "e\u{301}" }.joined()
    }

    private static func file(_ count: Int, _ line: (Int) -> String) -> [UInt8] {
        Array(("Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n" + (0..<count).map { line($0) + "\n" }.joined()).utf8)
    }

    /// All are read, judged, and compared with a form that has the same. Fewer of those that cost most; a test build has not all day.
    private static let lines: [(String, @Sendable (Int) -> String)] = [
        ("Project-URL", { "Project-URL: \($0), https://example.org/" }),
        ("Project-URL in equivalent spellings", { "Project-URL: \(spelling($0)), https://example.org/" }),
        ("Requires-Dist", { "Requires-Dist: demo\($0)>=1" }),
        ("Requires-Dist of one project", { "Requires-Dist: demo; python_version < \"\($0)\"" }),
        ("Requires-Dist under equivalent conditions", { "Requires-Dist: demo; os_name == \"\(spelling($0))\"" }),
        ("Requires-Dist of equivalent versions", { "Requires-Dist: demo===\(spelling($0))" }),
        ("Requires-Dist with extras", { "Requires-Dist: demo[a\($0)]" }),
        ("Provides-Extra", { "Provides-Extra: x\($0)" }),
        ("Dynamic", { _ in "Dynamic: Requires-Dist" }),
        ("Classifier", { "Classifier: Topic :: \($0)" }),
        ("License-File", { "License-File: licenses/\($0)" }),
        ("Import-Name", { "Import-Name: demo\($0)" }),
        ("unknown fields", { "X-\($0): demo" }),
        ("continued lines", { " demo\($0)" }),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: lines.map(\.0)) func `many lines take no longer than their number`(name: String) throws {
        let line = try #require(Self.lines.first { $0.0 == name }?.1)
        let file = CoreMetadata.parse(file: Self.file(name.hasPrefix("Requires-Dist") ? Self.count : 40_000, line))
        _ = file.errors()
        _ = file.metadata.indexErrors()
        let form = try CoreMetadata(form: file.metadata.formFields)
        #expect(form.contradiction(in: file, of: .wheel) == nil)
        #expect(form.normalized().contradiction(in: file, of: .wheel) == nil)
    }

    /// One value of many parts.
    private static let values: [(String, String)] = [
        ("requires_python", (0..<count).map { ">=3.\($0)" }.joined(separator: ",")),
        ("requires_python", (0..<count).map { "===\(spelling($0))" }.joined(separator: ",")),
        ("requires_dist", "demo[" + (0..<count).map { "a\($0)" }.joined(separator: ",") + "]"),
        ("requires_dist", "demo" + (0..<count).map { "===\(spelling($0))" }.joined(separator: ",")),
        ("requires_dist", "demo==" + (0..<count).map { "\($0)" }.joined(separator: ".")),
        ("requires_dist", "demo; " + (0..<count).map { "os_name == \"\($0)\"" }.joined(separator: " or ")),
        (
            "requires_dist",
            "demo; " + String(repeating: "(", count: 90) + "os_name == \"\(String(repeating: "x", count: count))\""
                + String(repeating: " or os_name == \"x\")", count: 90)
        ),
        ("keywords", (0..<count).map { "k\($0)" }.joined(separator: ",")),
        ("license_expression", (0..<count).map { _ in "MIT" }.joined(separator: " OR ")),
        ("license_expression", (0..<count).map { "LicenseRef-\($0)" }.joined(separator: " AND ")),
        ("author_email", (0..<count).map { "a\($0)@example.org" }.joined(separator: ", ")),
        ("author_email", "group: " + (0..<count).map { "a\($0)@example.org" }.joined(separator: ", ")),
        ("author_email", String(repeating: "a: ", count: count)),
        ("author_email", String(repeating: "(", count: count) + String(repeating: ")", count: count) + "a@example.org"),
        ("author_email", "a" + String(repeating: " . ", count: count) + "@example.org"),
        ("description_content_type", "text/markdown" + (0..<count).map { "; a\($0)=b" }.joined()),
        ("description_content_type", "text/markdown; a=\"" + String(repeating: "=? ", count: count) + "\""),
        ("description_content_type", "text/markdown; a=" + String(repeating: "(", count: count) + String(repeating: ")", count: count) + "b"),
        ("home_page", "https://example.org/" + String(repeating: "[/../", count: count)),
        ("version", "1" + String(repeating: ".0", count: count)),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: 0..<20) func `a long value takes no longer than its length`(index: Int) throws {
        let (name, value) = Self.values[index]
        let form = [("metadata_version", "2.4"), ("name", "demo"), (name, value)] + (name == "version" ? [] : [("version", "1.0")])
        let metadata = try CoreMetadata(form: form)
        _ = metadata.libraryErrors()
        _ = metadata.indexErrors()
        let header = try #require(MetadataField.formField(name)?.titleCased)
        let version = name == "version" ? "" : "Version: 1.0\n"
        let file = CoreMetadata.parse(file: "Metadata-Version: 2.4\nName: demo\n\(version)\(header): \(value)\n".utf8)
        #expect(metadata.contradiction(in: file, of: .wheel) == nil)
    }
}
