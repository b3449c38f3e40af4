import Glibc
import Testing

@testable import Distributions

@Suite struct ZipReaderTests {
    private static let long = Array(String(repeating: "Metadata-Version: 2.1\n", count: 20_000).utf8)

    private func open(_ zip: ZipBuilder, limits: ArchiveLimits = ArchiveLimits()) throws -> ZipReader {
        try ZipReader(ArchiveSource(bytes: zip.bytes()), limits: limits)
    }

    private func refusal(_ body: () throws -> Void) -> InvalidArchive.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? InvalidArchive)?.kind
        }
    }

    @Test(arguments: [false, true], [false, true])
    func `stored and deflated members are listed and read`(isZIP64: Bool, hasZIP64End: Bool) throws {
        var zip = ZipBuilder()
        zip.hasZIP64End = hasZIP64End
        zip.members = [
            .init(name: "a/", content: [], isZIP64: isZIP64),
            .init(name: "a/stored.txt", content: Array("hello".utf8), isZIP64: isZIP64),
            .init(name: "a/deflatéd.txt", content: Self.long, isDeflated: true, isZIP64: isZIP64),
        ]
        zip.comment = Array("PK\u{5}\u{6} is not an end record".utf8)
        let reader = try open(zip)
        #expect(reader.entries.map(\.name) == ["a/", "a/stored.txt", "a/deflatéd.txt"])
        #expect(reader.entries.map(\.isDirectory) == [true, false, false])
        #expect(try reader.read(reader.entries[1], limit: 5) == Array("hello".utf8))
        #expect(try reader.read(reader.entries[2], limit: Self.long.count) == Self.long)
    }

    @Test func `a zip on disk reads like one in memory`() throws {
        var zip = ZipBuilder()
        zip.members = [.init(name: "x", content: Self.long, isDeflated: true)]
        let path = "/tmp/zip-reader-\(UInt64.random(in: 0...UInt64.max)).zip"
        defer { unlink(path) }
        let file = try #require(fopen(path, "w"))
        _ = zip.bytes().withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        fclose(file)
        let reader = try ZipReader(path: path)
        #expect(try reader.read(reader.entries[0], limit: Self.long.count) == Self.long)
        #expect(refusal { _ = try ZipReader(path: "/nowhere.zip") } == .unreadable)
        #expect(refusal { _ = try ZipReader(path: "/tmp") } == .unreadable)
    }

    @Test func `an empty zip has no members`() throws {
        #expect(try open(ZipBuilder()).entries.isEmpty)
    }

    @Test func `a member larger than the limit is refused before it is read`() throws {
        var zip = ZipBuilder()
        zip.members = [.init(name: "x", content: Self.long, isDeflated: true)]
        let reader = try open(zip)
        #expect(refusal { _ = try reader.read(reader.entries[0], limit: Self.long.count - 1) } == .tooLarge)
    }

    @Test func `a member that lies about its size, checksum or name is refused`() throws {
        var honest = ZipBuilder.Member(name: "x", content: Self.long, isDeflated: true)
        for change in [
            { (member: inout ZipBuilder.Member) in member.declaredSize = 100 },
            { $0.declaredSize = Self.long.count + 1 },
            { $0.checksum = 1 },
            { $0.localName = "y" },
        ] {
            honest.declaredSize = nil
            var member = honest
            change(&member)
            var zip = ZipBuilder()
            zip.members = [member]
            let reader = try open(zip)
            #expect(refusal { _ = try reader.read(reader.entries[0], limit: 1 << 30) } == .malformed)
        }
    }

    @Test func `encrypted members and other methods are listed but not read`() throws {
        var zip = ZipBuilder()
        zip.members = [.init(name: "secret", content: [1, 2], flags: 0x801), .init(name: "lzma", content: [1, 2], method: 14)]
        let reader = try open(zip)
        #expect(reader.entries.map(\.isEncrypted) == [true, false])
        for entry in reader.entries { #expect(refusal { _ = try reader.read(entry, limit: 10) } == .unsupported) }
    }

    @Test func `data before the archive and behind it is refused`() {
        var zip = ZipBuilder()
        zip.members = [.init(name: "x", content: [1])]
        zip.prefix = Array("#!/bin/sh\n".utf8)
        // Offsets in this one count from the true start, so the prefix is the caller's to notice later; shifted offsets are refused here.
        #expect(throws: Never.self) { try open(zip) }
        let whole = zip.bytes()
        #expect(refusal { _ = try ZipReader(ArchiveSource(bytes: [0] + whole)) } == .malformed)
        #expect(refusal { _ = try ZipReader(ArchiveSource(bytes: whole + [0])) } == .malformed)
    }

    @Test func `too many members and too long names are refused`() {
        var zip = ZipBuilder()
        zip.members = (0..<11).map { .init(name: "member\($0)", content: []) }
        #expect(refusal { _ = try open(zip, limits: ArchiveLimits(entries: 10)) } == .tooLarge)
        #expect(refusal { _ = try open(zip, limits: ArchiveLimits(nameBytes: 7)) } == .tooLarge)
        #expect(refusal { _ = try open(zip, limits: ArchiveLimits(directoryBytes: 300)) } == .tooLarge)
        zip.claimedEntries = 9
        #expect(refusal { _ = try open(zip) } == .malformed)
        zip.claimedEntries = 12
        #expect(refusal { _ = try open(zip) } == .malformed)
    }

    @Test func `no truncation and no single changed byte makes the reader crash or read past its limit`() throws {
        var zip = ZipBuilder()
        zip.hasZIP64End = true
        zip.members = [.init(name: "a", content: Array("hello hello hello".utf8), isDeflated: true, isZIP64: true), .init(name: "b", content: [7])]
        let whole = zip.bytes()
        var refused = 0
        func probe(_ bytes: [UInt8]) {
            do {
                let reader = try ZipReader(ArchiveSource(bytes: bytes))
                for entry in reader.entries { #expect(try reader.read(entry, limit: 1000).count <= 1000) }
            } catch {
                refused += 1
            }
        }
        for end in 0..<whole.count { probe(Array(whole[..<end])) }
        #expect(refused == whole.count)
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << UInt8(bit)
                probe(bytes)
            }
        }
    }
}
