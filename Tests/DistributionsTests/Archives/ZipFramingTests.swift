import Testing

@testable import Distributions

/// One test per row of index §2.13, "Zip framing check".
@Suite struct ZipFramingTests {
    private static let text = Array(String(repeating: "hello ", count: 50).utf8)

    private func refusal(_ bytes: [UInt8]) -> String? {
        do {
            try ZipFraming.check(ZipReader(ArchiveSource(bytes: bytes)))
            return nil
        } catch {
            return error.message
        }
    }

    private func refusal(_ change: (inout ZipBuilder) -> Void) -> String? {
        var zip = ZipBuilder()
        zip.members = [.init(name: "a", content: Self.text), .init(name: "b", content: Self.text, isDeflated: true)]
        change(&zip)
        return refusal(zip.bytes())
    }

    private func extra(_ id: UInt16, _ content: [UInt8]) -> [UInt8] { ZipBuilder.little(id, 2) + ZipBuilder.little(content.count, 2) + content }

    private func zip64(_ values: Int...) -> [UInt8] { extra(1, values.flatMap { ZipBuilder.little($0, 8) }) }

    @Test func `honest zips pass`() {
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.members = [] } == nil)
        #expect(refusal { $0.members.append(.init(name: "d/", content: [])) } == nil)
        #expect(refusal { $0.members.append(.init(name: "ünï/ç", content: [])) } == nil)
        #expect(refusal { $0.comment = Array("PK, built by hand".utf8) } == nil)
        #expect(refusal { $0.members[0].localExtra = extra(0x5455, [1, 2, 3]) } == nil)
        #expect(refusal { $0.members[0].localExtra = extra(0x7075, [1, 0, 0, 0, 0] + Array("a".utf8)) } == nil)
    }

    @Test func `honest ZIP64 zips pass`() {
        let size = Self.text.count
        #expect(refusal { $0.hasZIP64End = true } == nil)
        #expect(refusal { $0.members[0].isZIP64 = true } == nil)
        for values in [[size, size], [size, size, 0]] {
            let refused = refusal {
                $0.members[0].localSizes = (0xFFFF_FFFF, 0xFFFF_FFFF)
                $0.members[0].localExtra = extra(1, values.flatMap { ZipBuilder.little($0, 8) })
            }
            #expect(refused == nil)
        }
        #expect(refusal { $0.members[0].localExtra = zip64() } == nil)
        let withDisk = refusal {
            $0.members[0].localSizes = (0xFFFF_FFFF, 0xFFFF_FFFF)
            $0.members[0].localExtra = extra(1, ZipBuilder.little(size, 8) + ZipBuilder.little(size, 8) + [UInt8](repeating: 0, count: 12))
        }
        #expect(withDisk == nil)
    }

    @Test func `data before the first member is refused`() {
        #expect(refusal { $0.prefix = Array("#!/bin/sh\n".utf8) } == "zip has data before its first member")
    }

    @Test func `data between members and before the directory is refused`() {
        #expect(refusal { $0.members[0].dataAfter = [1, 2, 3, 4] } == "zip has data that belongs to no member")
        #expect(refusal { $0.members[1].dataAfter = [1, 2, 3, 4] } == "zip has data that belongs to no member")
    }

    // Python's reader takes the last signature for the end record, whatever length it tells of its comment.
    @Test func `a comment that looks like an end record is refused`() {
        for comment in ["PK\u{5}\u{6} built by hand", "built by hand PK\u{5}\u{6}"] {
            #expect(refusal { $0.comment = Array(comment.utf8) } == "zip has a comment that some programs take for an end record")
        }
    }

    @Test func `a name in two encodings is refused, unless it is ASCII`() {
        #expect(refusal { $0.members[0].localFlags = 0 } == nil)
        let refused = refusal { $0.members.append(.init(name: "\u{FC}", content: [], localFlags: 0)) }
        #expect(refused == "zip member \u{FC} has its name in two encodings")
    }

    @Test func `data after the end record is refused`() {
        #expect(refusal { $0.suffix = [0] } == "zip has data after its end record")
        // A second end record, which a reader from the end finds first.
        let second = refusal { $0.suffix = Array(ZipBuilder().bytes()) }
        #expect(second != nil)
    }

    @Test func `streaming mode is refused`() {
        #expect(refusal { $0.members[0].localFlags = 0x808 } == "zip member a was written in streaming mode, with a data descriptor")
    }

    @Test func `names that are not UTF-8 or have control bytes are refused`() {
        #expect(refusal { $0.members[0].localNameBytes = [0xFF] } == "zip has a member name that is not UTF-8")
        #expect(refusal { $0.members[0].localNameBytes = [0x07] } == "zip has a member name with a control character")
        #expect(refusal { $0.members[0].localNameBytes = [0x7F] } == "zip has a member name with a control character")
        #expect(refusal { $0.members[0].name = "a\u{0}" } == "zip has a member name in its directory with a control character")
    }

    @Test func `members that only one of the two lists has are refused`() {
        #expect(refusal { $0.members[0].isHidden = true } == "zip member a is missing in its directory")
        #expect(refusal { $0.members[1].localName = "c" } == "zip member c is missing in its directory")
        #expect(refusal { $0.members[1].isPhantom = true } == "zip lists b, which it does not contain")
    }

    @Test func `names that come twice are refused`() {
        #expect(refusal { $0.members[1].name = "a" } == "zip lists a more than once")
        #expect(refusal { $0.members[1].localName = "a" } == "zip has a more than once")
    }

    @Test func `sizes that differ from the directory's are refused`() {
        let size = Self.text.count
        let message = "zip member a has another size in the central directory"
        #expect(refusal { $0.members[0].localSizes = (size, size + 1) } == message)
        #expect(refusal { $0.members[0].localSizes = (size - 1, size) } == message)
        let long = refusal {
            $0.members[0].localSizes = (0xFFFF_FFFF, 0xFFFF_FFFF)
            $0.members[0].localExtra = zip64(size, size + 1)
        }
        #expect(long == message)
    }

    @Test func `an offset, checksum or encryption bit that differs is refused`() {
        let message = "zip member a differs between its local header and the central directory"
        #expect(refusal { $0.members[0].centralOffset = 1 } == message)
        #expect(refusal { $0.members[0].localFlags = 0x801 } == message)
    }

    @Test func `extra fields that are cut short or double are refused`() {
        #expect(refusal { $0.members[0].localExtra = [1] } == "zip member a has an extra field that is cut short")
        #expect(refusal { $0.members[0].localExtra = [0x55, 0x54, 9, 0, 1] } == "zip member a has an extra field that is cut short")
        #expect(refusal { $0.members[0].localExtra = zip64() + zip64() } == "zip member a has two ZIP64 extra fields")
        let path = extra(0x7075, [1, 0, 0, 0, 0] + Array("a".utf8))
        #expect(refusal { $0.members[0].localExtra = path + path } == "zip member a has two Unicode path extra fields")
        #expect(refusal { $0.members[0].centralExtra = path + path } == "zip member a has two Unicode path extra fields")
        #expect(refusal { $0.members[0].centralExtra = zip64() + zip64() } == "zip member a has two ZIP64 extra fields")
    }

    @Test func `a Unicode path that is damaged or gives another name is refused`() {
        #expect(refusal { $0.members[0].localExtra = extra(0x7075, [1, 0, 0, 0, 0, 0xFF]) } == "zip has a Unicode path that is not UTF-8")
        #expect(refusal { $0.members[0].localExtra = extra(0x7075, [1, 0, 0, 0, 0, 7]) } == "zip has a Unicode path with a control character")
        #expect(
            refusal { $0.members[0].centralExtra = extra(0x7075, [1, 0, 0, 0, 0, 0x62]) }
                == "zip member a has another name in its Unicode path extra field"
        )
    }

    @Test(arguments: [1, 4, 12, 20, 32])
    func `a ZIP64 extra field of a strange length is refused`(length: Int) {
        let message = "zip member a has a ZIP64 extra field of \(length) bytes"
        #expect(refusal { $0.members[0].localExtra = extra(1, [UInt8](repeating: 0, count: length)) } == message)
    }

    @Test func `a ZIP64 extra field that does not give what it must is refused`() {
        let size = Self.text.count
        let lacking = refusal {
            $0.members[0].localSizes = (0xFFFF_FFFF, 0xFFFF_FFFF)
            $0.members[0].localExtra = zip64()
        }
        #expect(lacking == "zip member a lacks its ZIP64 sizes")
        #expect(refusal { $0.members[1].localExtra = zip64(size) } == "zip member b is compressed but has only one ZIP64 size")
        let ambiguous = "zip member a has a ZIP64 extra field that can be read in two ways"
        #expect(refusal { $0.members[0].localExtra = zip64(size, size + 1) } == ambiguous)
        let one = refusal {
            $0.members[0].localSizes = (0xFFFF_FFFF, size)
            $0.members[0].localExtra = zip64(size + 1, size)
        }
        #expect(one == ambiguous)
    }

    @Test func `a comment of a member is refused`() {
        #expect(refusal { $0.members[0].comment = [0x41] } == "zip member a has a comment")
    }

    @Test func `end records that count otherwise are refused`() {
        #expect(refusal { $0.claimedHere = 1 } == "zip is split over several files")
        #expect(refusal { $0.claimedEntries = 1 } == "zip central directory is longer than its members")
        #expect(refusal { $0.claimedEntries = 3 } != nil)
        let long = refusal {
            $0.hasZIP64End = true
            $0.claimedHere = 1
        }
        #expect(long == "zip has two end records that disagree")
    }

    @Test func `a ZIP64 end record with more than its fields, or without locator, is refused`() {
        for change in [
            { (zip: inout ZipBuilder) in zip.zip64EndBytes = 45 },
            {
                $0.zip64EndBytes = 48; $0.zip64Extra = [0, 0, 0, 0]
            },
            { $0.hasLocator = false },
        ] {
            let refused = refusal {
                $0.hasZIP64End = true
                change(&$0)
            }
            #expect(refused != nil)
        }
    }

    @Test func `no truncation and no single changed byte makes the check crash, and no truncation passes`() {
        var zip = ZipBuilder()
        zip.hasZIP64End = true
        zip.members = [.init(name: "a", content: Self.text, isDeflated: true, isZIP64: true), .init(name: "b", content: [7])]
        let whole = zip.bytes()
        #expect(refusal(whole) == nil)
        for end in 0..<whole.count { #expect(refusal(Array(whole[..<end])) != nil) }
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0x41
            _ = refusal(bytes)
        }
    }
}
