import Testing

@testable import Backends

@Suite struct StoragePathTests {
    @Test(arguments: ["a", "ab/cd/ef/demo-1.0-py3-none-any.whl.metadata", "a b/c+d!e@1.0", "-x/~y"])
    func `ordinary paths are taken as they are`(text: String) throws {
        #expect(try StoragePath(text).text == text)
    }

    @Test(
        arguments: [
            "", "/", "/a", "a/", "a//b", "//", ".", "..", "../a", "a/..", "a/../b", "a/./b", "./a", ".a", "a/.b", ".incoming/x", "...", "a\\b",
            "..\\a", "a\u{0}", "a\u{0}b",
            "a\nb", "a\tb", "a\u{7F}", "é", "e\u{301}", "a/\u{2025}/b", "\u{FF0E}\u{FF0E}/a", String(repeating: "a", count: 256),
            String(repeating: "ab/", count: 400) + "a",
        ]
    )
    func `a path that could leave the storage, or mean two things, cannot be made`(text: String) {
        #expect(throws: InvalidStoragePath.self) { try StoragePath(text) }
    }

    @Test func `the longest path and part are allowed`() throws {
        let part = String(repeating: "a", count: 255)
        #expect(throws: Never.self) { try StoragePath([part, part, part, part].joined(separator: "/")) }
    }

    @Test func `paths are ordered by bytes`() throws {
        let texts = ["B", "a", "a-b", "a/b", "a0"]
        #expect(try texts.shuffled().map { try StoragePath($0) }.sorted().map(\.text) == texts)
    }
}
