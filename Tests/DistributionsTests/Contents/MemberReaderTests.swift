import CZlib
import Foundation
import Glibc
import Testing

@testable import Distributions

@Suite struct MemberReaderTests {
    private static let files = [("demo/a.py", "x = 1\n"), ("demo/empty", ""), ("demo/b.bin", "\u{0}\u{1}"), ("demo/w\u{1}.py", "w")]

    private static func readers() throws -> [(MemberReader, String)] {
        var zip = ZipBuilder()
        for (index, (name, text)) in files.enumerated() {
            zip.members.append(ZipBuilder.Member(name: "top/\(name)", content: Array(text.utf8), isDeflated: index % 2 == 0))
        }
        return [
            (try MemberReader(ArchiveSource(bytes: zip.bytes())), "top"),
            (try MemberReader(ArchiveSource(bytes: madeSource(files))), "demo-1.0"),
        ]
    }

    @Test func `shows a member of a zip and of a tar alike`() throws {
        for (reader, top) in try Self.readers() {
            let text = try #require(try reader.content(of: "\(top)/demo/a.py"))
            #expect(text.size == 6)
            #expect(!text.isCut)
            #expect(text.form == .text(try #require(MemberText(Array("x = 1\n".utf8), isPython: true))))
            #expect(try reader.content(of: "\(top)/demo/empty")?.form == .text(try #require(MemberText([]))))
            #expect(try reader.content(of: "\(top)/demo/b.bin")?.form == .binary(start: [0, 1]))
            #expect(try reader.content(of: "\(top)/demo/w\\u{1}.py")?.size == 1)
            for missing in ["\(top)/demo/w\u{1}.py", "\(top)/demo", "\(top)/", "", "\(top)/demo/A.py", "../\(top)/demo/a.py"] {
                #expect(try reader.content(of: missing) == nil, "\(missing)")
            }
        }
    }

    @Test(arguments: [-1, 0, 1, 5, 6, 7]) func `shows no more than the limit and says so`(limit: Int) throws {
        for (reader, top) in try Self.readers() {
            let content = try #require(try reader.content(of: "\(top)/demo/a.py", limit: limit))
            let shown = String("x = 1\n".prefix(max(1, limit)))
            #expect(content.isCut == (limit < 6))
            #expect(content.form == .text(try #require(MemberText(Array(shown.utf8)))))
        }
    }

    @Test func `of a binary file only the beginning is kept`() throws {
        let bytes = [UInt8](repeating: 0xFF, count: 10_000)
        let reader = try MemberReader(ArchiveSource(bytes: ZipBuilder(members: [ZipBuilder.Member(name: "a", content: bytes)]).bytes()))
        #expect(try reader.content(of: "a")?.form == .binary(start: Array(bytes.prefix(MemberReader.binaryBytes))))
    }

    @Test func `a link is shown, not followed`() throws {
        var tar = TarBuilder()
        tar.add("d/a", Array("secret".utf8))
        tar.add("d/b", type: "2", link: "../../etc/pass\u{1}wd")
        tar.add("d/c", type: "1", link: "d/a")
        let reader = try MemberReader(ArchiveSource(bytes: Compression.gzip(tar.ended)))
        #expect(try reader.content(of: "d/b")?.form == .link(target: "../../etc/pass\\u{1}wd"))
        #expect(try reader.content(of: "d/c")?.form == .link(target: "d/a"))
    }

    @Test func `what is damaged is an error`() throws {
        var zip = ZipBuilder(members: [ZipBuilder.Member(name: "a", content: Array("abc".utf8), checksum: 1)])
        #expect(throws: InvalidArchive.self) { try MemberReader(ArchiveSource(bytes: zip.bytes())).content(of: "a") }
        zip.members[0].checksum = nil
        zip.members[0].flags |= 1
        #expect(throws: InvalidArchive.self) { try MemberReader(ArchiveSource(bytes: zip.bytes())).content(of: "a") }
        zip.members[0].flags = 0x800
        zip.members[0].declaredSize = 1_000
        zip.members[0].isDeflated = true
        // Fewer bytes than declared, and than asked for.
        #expect(throws: InvalidArchive.self) { try MemberReader(ArchiveSource(bytes: zip.bytes())).content(of: "a", limit: 10) }
        let tar = madeSource([("a", "abc")])
        #expect(throws: InvalidArchive.self) { try MemberReader(ArchiveSource(bytes: Array(tar.dropLast(20)))).content(of: "demo-1.0/missing") }
        #expect(throws: InvalidArchive.self) { try MemberReader(ArchiveSource(bytes: [1, 2, 3])) }
        #expect(throws: InvalidArchive.self) { try MemberReader(ArchiveSource(bytes: [])) }
    }

    @Test func `in a tar that expands beyond the limits only what comes before is found`() throws {
        let bytes = madeSource([("a", "abc"), ("big", String(repeating: "0", count: 2 << 20)), ("z", "abc")])
        let reader = try MemberReader(ArchiveSource(bytes: bytes), limits: ArchiveLimits(expansionFloor: 1 << 20))
        #expect(try reader.content(of: "demo-1.0/a")?.size == 3)
        #expect(throws: InvalidArchive.self) { try reader.content(of: "demo-1.0/z") }
    }

    @Test func `a member of a gigabyte is summarised and shown without being held`() throws {
        let size = 1 << 30
        let path = FileManager.default.temporaryDirectory.appending(path: "emporium-\(UUID().uuidString).whl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        // A hole instead of zeros: the file takes no room.
        let end = Self.zipWithHole(name: "demo/huge.bin", size: size)
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        #expect(pwrite(descriptor, end.start, end.start.count, 0) == end.start.count)
        #expect(pwrite(descriptor, end.rest, end.rest.count, off_t(end.start.count + size)) == end.rest.count)
        close(descriptor)

        let contents = try DistributionContents(wheelAt: path, filename: "demo-1.0-py3-none-any.whl")
        #expect(contents.members.map(\.size) == [Int64(size)])
        // SHA-256 of a gigabyte of zeros.
        #expect(
            contents.members[0].digest?.bytes == [0x49, 0xBC, 0x20, 0xDF, 0x15, 0xE4, 0x12, 0xA6, 0x44, 0x72, 0x42, 0x1E, 0x13, 0xFE, 0x86, 0xFF]
        )
        let shown = try MemberReader(ArchiveSource(path: path)).content(of: "demo/huge.bin")
        #expect(shown?.isCut == true)
        #expect(shown?.form == .binary(start: [UInt8](repeating: 0, count: MemberReader.binaryBytes)))
    }

    /// A zip with one stored member of zeros: what comes before and what comes behind them.
    private static func zipWithHole(name: String, size: Int) -> (start: [UInt8], rest: [UInt8]) {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var checksum: UInt = 0
        for _ in 0..<size / zeros.count { checksum = crc32(checksum, zeros, UInt32(zeros.count)) }
        func little(_ value: Int, _ count: Int) -> [UInt8] { ZipBuilder.little(value, count) }
        let shared = little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 4) + little(Int(checksum), 4) + little(size, 4) + little(size, 4)
        let start = little(0x0403_4B50, 4) + shared + little(name.utf8.count, 2) + little(0, 2) + Array(name.utf8)
        let entry = little(0x0201_4B50, 4) + little(20, 2) + shared + little(name.utf8.count, 2) + little(0, 16) + Array(name.utf8)
        let end =
            little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2) + little(entry.count, 4) + little(start.count + size, 4)
            + little(0, 2)
        return (start, entry + end)
    }
}
