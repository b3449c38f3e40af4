import Testing

@testable import Packaging

@Suite struct VersionTests {
    @Test(arguments: [
        ("1.0", "1.0", "1"), ("v1.0-RC.1", "1.0rc1", "1rc1"), (" 1.0-1\n", "1.0.post1", "1.post1"),
        ("1!2.0.0+Ubuntu-1_x", "1!2.0.0+ubuntu.1.x", "1!2+ubuntu.1.x"),
        ("01.002", "1.2", "1.2"), ("1.0alpha", "1.0a0", "1a0"), ("1.0.dev", "1.0.dev0", "1.dev0"), ("0.0", "0.0", "0"),
        ("1.0c2.rev3", "1.0rc2.post3", "1rc2.post3"),
    ])
    func `every spelling of PEP 440 has one normal and one canonical form`(text: String, normal: String, canonical: String) throws {
        let version = try Version(text)
        #expect(version.description == normal)
        #expect(version.canonical == canonical)
    }

    @Test(arguments: [
        "", "1.0-final", "1..0", ".1", "1.", "1.0+", "1.0+a..b", "1.0+é", "١.0", "1.0\0", "1 .0", "v", "1!", "!1", "1.0a1b1", "latest", "1.0poſt1",
    ])
    func `what PEP 440 does not know is refused`(text: String) {
        #expect(throws: InvalidVersion(input: text)) { try Version(text) }
    }

    @Test func `versions sort as PEP 440 says`() throws {
        let sorted = try [
            "0.dev0", "1.dev1", "1.dev1+x", "1a0.dev1", "1a0", "1a0.post0.dev1", "1a0.post0", "1b0", "1rc0", "1", "1+abc", "1+abc.1", "1+b", "1+0",
            "1+5", "1+10",
            "1.post0.dev0", "1.post0", "1.0.1", "1.1", "1.223", "1.224", "1.255", "1.256", "1.65536", "1.18446744073709551615",
            "1.18446744073709551616",
            "1.99999999999999999999", "1.100000000000000000000", "2", "1!0",
        ].map { try Version($0) }
        for (index, left) in sorted.enumerated() {
            for (other, right) in sorted.enumerated() {
                #expect((left < right) == (index < other), "\(left) \(right)")
                #expect((left == right) == (index == other), "\(left) \(right)")
            }
        }
    }

    @Test func `trailing zeros do not count`() throws {
        let versions = try ["1", "1.0", "1.0.0", "0!1.00"].map { try Version($0) }
        #expect(Set(versions).count == 1)
        #expect(Set(versions.map(\.sortKey)).count == 1)
    }

    @Test func `stored sort keys keep their layout`() throws {
        // Changing these bytes invalidates every database.
        #expect(try Version("1.0").sortKey == [0x01, 0x02, 0x00, 0x05, 0x01, 0x02])
        #expect(
            try Version("1!2024.300rc2.post3.dev4+a.7").sortKey == [
                0x02, 0xE2, 0x07, 0xE8, 0xE2, 0x01, 0x2C, 0x00, 0x04, 0x03, 0x02, 0x04, 0x01, 0x05, 0x01, 0x61, 0x00, 0x02, 0x08,
            ]
        )
    }

    @Test func `small numbers take one byte of a sort key`() throws {
        #expect(try Version("100.223.224.256").sortKey == [0x01, 0x65, 0xE0, 0xE1, 0xE0, 0xE2, 0x01, 0x00, 0x00, 0x05, 0x01, 0x02])
    }

    @Test func `all white space Python knows is stripped`() throws {
        let spaces = "\t\n\u{B}\u{C}\r\u{1C}\u{1D}\u{1E}\u{1F} \u{85}\u{A0}\u{1680}\u{2000}\u{2005}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}"
        #expect(try Version(spaces + "1.0" + spaces).description == "1.0")
        #expect(try VersionSpecifier(">=" + spaces + "1.0").description == ">=1.0")
        for other in ["\u{200B}", "\u{FEFF}", "\u{180E}", "\u{8}", "\u{0}"] {
            #expect(throws: InvalidVersion.self) { try Version(other + "1.0") }
        }
    }

    @Test func `parts can be read one by one`() throws {
        let version = try Version("1!2.3rc4.post5.dev6+seven.8")
        #expect(version.epoch == 1)
        #expect(version.release == [2, 3])
        #expect(version.pre == Version.PreRelease(phase: .candidate, number: 4))
        #expect(version.post == 5)
        #expect(version.dev == 6)
        #expect(version.localSegments == [.text("seven"), .number(8)])
        #expect(version.local == "seven.8")
        #expect(version.public == "1!2.3rc4.post5.dev6")
        #expect(version.base == "1!2.3")
    }

    @Test func `numbers of any size are exact up to 4300 digits`() throws {
        let huge = String(repeating: "9", count: 4300)
        #expect(try Version("1.\(huge)").description == "1.\(huge)")
        #expect(throws: InvalidVersion.self) { try Version("1.\(huge)9") }
    }
}
