import Foundation
import Testing

@testable import Distributions

@Suite struct ZipRulesTests {
    private func open(_ members: [ZipBuilder.Member]) throws -> ZipReader {
        var zip = ZipBuilder()
        zip.members = members
        return try ZipReader(ArchiveSource(bytes: zip.bytes()))
    }

    private func open(names: [String]) throws -> ZipReader { try open(names.map { .init(name: $0, content: []) }) }

    @Test func `a zip may grow 50 times, or to 64 MiB`() throws {
        let limits = ArchiveLimits()
        #expect(limits.expansionLimit(ofCompressedBytes: 1) == 64 << 20)
        #expect(limits.expansionLimit(ofCompressedBytes: 10 << 20) == 500 << 20)
        let bomb = try open([
            .init(name: "a", content: [], centralSizes: (0, 40 << 20)), .init(name: "b", content: [], centralSizes: (0, 24 << 20)),
        ])
        #expect(throws: Never.self) { try ZipRules.checkExpansion(bomb, limits: limits) }
        let larger = try open([
            .init(name: "a", content: [], centralSizes: (0, 40 << 20)), .init(name: "b", content: [], centralSizes: (0, (24 << 20) + 1)),
        ])
        #expect(throws: InvalidArchive(.tooLarge, "expands to more than 50 times its size")) { try ZipRules.checkExpansion(larger, limits: limits) }
    }

    @Test(arguments: [UInt16(1), 0x40, 0x2000])
    func `encrypted members are refused`(flag: UInt16) throws {
        let zip = try open([.init(name: "secret", content: [1], flags: 0x800 | flag)])
        #expect(throws: InvalidArchive(.unsupported, "zip member secret is encrypted")) { try ZipRules.checkMethods(zip) }
    }

    @Test(arguments: [UInt16(1), 9, 12, 14, 93])
    func `members that are neither stored nor deflated are refused`(method: UInt16) throws {
        let zip = try open([.init(name: "x", content: [1], method: method)])
        let message = "zip member x uses compression method \(method); only stored and deflated are accepted"
        #expect(throws: InvalidArchive(.unsupported, message)) { try ZipRules.checkMethods(zip) }
    }

    @Test(arguments: ["/x", "a/../x", "..", "a\\x", "C:/x", "c:x", "../x"])
    func `paths that lead outside are refused`(name: String) throws {
        let zip = try open(names: ["ok", name])
        #expect(throws: InvalidArchive.self) { try ZipRules.checkPaths(zip) }
    }

    @Test(arguments: [("a/B", "A/b"), ("é", "e\u{301}"), ("stra\u{DF}e", "STRASSE"), ("a", "a/"), ("a/b", "a//./b")])
    func `two members that are one file to some systems are refused`(one: String, other: String) throws {
        let zip = try open(names: [one, other])
        let message = "contains two members that are one file on some systems: \(one) and \(other)"
        #expect(throws: InvalidArchive(.malformed, message)) { try ZipRules.checkPaths(zip) }
    }

    @Test(arguments: [("a", "a/b"), ("a/B", "A/b/c/d"), ("é", "e\u{301}/x")])
    func `a file where another member needs a folder is refused`(file: String, other: String) throws {
        for names in [[file, other], [other, file]] {
            let zip = try open(names: names)
            let message = "contains a file where other members need a folder: \(file)"
            #expect(throws: InvalidArchive(.malformed, message)) { try ZipRules.checkPaths(zip) }
        }
    }

    @Test(arguments: [
        (0o120777, "a symbolic link"), (0o010644, "a device or a pipe"), (0o020644, "a device or a pipe"), (0o140644, "a device or a pipe"),
    ])
    func `what is neither file nor folder is refused`(mode: Int, kind: String) throws {
        let zip = try open([.init(name: "x", content: [1], mode: mode)])
        #expect(throws: InvalidArchive(.unsupported, "zip member x is \(kind)")) { try ZipRules.checkKinds(zip) }
    }

    @Test func `files and empty folders of any mode pass`() throws {
        let zip = try open([
            .init(name: "x", content: [1], mode: 0o100755), .init(name: "y", content: [], mode: 0o644),
            .init(name: "d/", content: [], mode: 0o040755),
        ])
        #expect(throws: Never.self) { try ZipRules.checkKinds(zip) }
        let full = try open([.init(name: "d/", content: [1])])
        #expect(throws: InvalidArchive(.malformed, "zip member d/ is a folder with content")) { try ZipRules.checkKinds(full) }
    }

    @Test func `a folder's members follow it, whatever its neighbours are called`() throws {
        let zip = try open(names: ["a", "a.b", "a-b/x", "a/b"])
        #expect(throws: InvalidArchive(.malformed, "contains a file where other members need a folder: a")) { try ZipRules.checkPaths(zip) }
    }

    @Test func `a path may have 64 parts`() throws {
        let deepest = Array(repeating: "a", count: 63).joined(separator: "/")
        #expect(throws: Never.self) { try ZipRules.checkPaths(open(names: ["\(deepest)/b", "\(deepest)/c/"])) }
        #expect(throws: InvalidArchive.self) { try ZipRules.checkPaths(open(names: ["\(deepest)/b/c"])) }
    }

    @Test func `names have a limit together`() throws {
        var zip = ZipBuilder()
        zip.members = ["ab", "cd", "e"].map { .init(name: $0, content: []) }
        let source = ArchiveSource(bytes: zip.bytes())
        #expect(try ZipReader(source, limits: ArchiveLimits(pathBytes: 5)).entries.count == 3)
        #expect(throws: InvalidArchive(.tooLarge, "zip has member names of more than 4 bytes together")) {
            try ZipReader(source, limits: ArchiveLimits(pathBytes: 4))
        }
    }

    // Every prefix of every path, kept as a text, would be four gigabytes.
    @Test(.timeLimit(.minutes(1))) func `deep paths cost no more than their bytes`() throws {
        let deep = Array(repeating: String(repeating: "a", count: 60), count: 62).joined(separator: "/")
        let zip = try open(names: (0..<2000).map { "\($0)/\(deep)/x" })
        let before = Self.peakMemory()
        #expect(throws: Never.self) { try ZipRules.checkPaths(zip) }
        // Of the whole process, with what other tests need meanwhile.
        #expect(Self.peakMemory() - before < 1 << 30)
    }

    /// Bytes this process has had at the most.
    private static func peakMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }

    @Test func `ordinary names pass`() throws {
        let zip = try open(names: ["a/", "a/b.py", "a/..b", "a/c:d", "ab", "é"])
        #expect(throws: Never.self) { try ZipRules.checkPaths(zip) }
    }

    @Test func `the common directory is the part-wise common path`() {
        #expect(ZipRules.commonDirectory(of: ["a/PKG-INFO", "a/b/c"]) == "a")
        #expect(ZipRules.commonDirectory(of: ["a/b/PKG-INFO", "./a//b/c"]) == "a/b")
        #expect(ZipRules.commonDirectory(of: ["a/PKG-INFO"]) == "a/PKG-INFO")
        #expect(ZipRules.commonDirectory(of: ["ab/x", "a/x"]) == nil)
        #expect(ZipRules.commonDirectory(of: []) == nil)
    }
}
