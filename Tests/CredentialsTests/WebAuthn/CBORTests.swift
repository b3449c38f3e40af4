import Testing

@testable import Credentials

@Suite struct CBORTests {
    private func value(_ text: String, requiresKeyOrder: Bool = true) -> CBOR? {
        try? CBORDecoder.value(of: bytes(hexadecimal: text), requiresKeyOrder: requiresKeyOrder)
    }

    private func reason(_ text: String, requiresKeyOrder: Bool = true) -> String? {
        do {
            _ = try CBORDecoder.value(of: bytes(hexadecimal: text), requiresKeyOrder: requiresKeyOrder)
            return nil
        } catch { return error.reason }
    }

    // Of the examples of RFC 8949, appendix A.
    @Test func `the examples of RFC 8949 are read`() {
        let examples: [(String, CBOR)] = [
            ("00", .unsigned(0)), ("17", .unsigned(23)), ("1818", .unsigned(24)), ("1903e8", .unsigned(1000)), ("1a000f4240", .unsigned(1_000_000)),
            ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)), ("1bffffffffffffffff", .unsigned(.max)), ("3bffffffffffffffff", .negative(.max)),
            ("20", .integer(-1)), ("29", .integer(-10)), ("3863", .integer(-100)), ("3903e7", .integer(-1000)), ("f4", .boolean(false)),
            ("f5", .boolean(true)), ("f6", .null), ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])), ("60", .text("")),
            ("6449455446", .text("IETF")), ("62c3bc", .text("ü")), ("64f0908591", .text("\u{10151}")), ("80", .array([])),
            ("8301820203820405", .array([.unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)])])),
            ("a0", .map([:])),
            ("a201020304", .map([.unsigned(1): .unsigned(2), .unsigned(3): .unsigned(4)])),
            ("a26161016162820203", .map([.text("a"): .unsigned(1), .text("b"): .array([.unsigned(2), .unsigned(3)])])),
        ]
        for (text, expected) in examples { #expect(value(text) == expected, "\(text)") }
    }

    @Test(arguments: [
        ("", "it breaks off"), ("18", "it breaks off"), ("1903", "it breaks off"), ("41", "it breaks off"), ("81", "it breaks off"),
        ("a101", "it breaks off"),
        ("5bffffffffffffffff", "it breaks off"), ("9bffffffffffffffff", "it breaks off"), ("bbffffffffffffffff", "it breaks off"),
        ("ba7fffffff00", "it breaks off"),
        ("1817", "it has a number that is not in the shortest form"), ("1900ff", "it has a number that is not in the shortest form"),
        ("1a0000ffff", "it has a number that is not in the shortest form"),
        ("1b00000000ffffffff", "it has a number that is not in the shortest form"),
        ("5801ff", "it has a number that is not in the shortest form"), ("5f4101ff", "it has an indefinite or reserved length"),
        ("9fff", "it has an indefinite or reserved length"), ("bfff", "it has an indefinite or reserved length"),
        ("1c", "it has an indefinite or reserved length"),
        ("c001", "it has a tag"), ("d81801", "it has a tag"), ("f93c00", "it has a floating-point or unknown simple value"),
        ("fb3ff0000000000000", "it has a floating-point or unknown simple value"), ("f7", "it has a floating-point or unknown simple value"),
        ("e0", "it has a floating-point or unknown simple value"), ("ff", "it has a floating-point or unknown simple value"),
        ("61ff", "it has a text that is not UTF-8"), ("62c3", "it breaks off"), ("0000", "something stands behind it"),
        ("a0f6", "something stands behind it"),
        ("a2010201 03", "it has keys out of order or twice"), ("a203040102", "it has keys out of order or twice"),
        ("a2200001 00", "it has keys out of order or twice"),
        ("a2626161006162 00", "it has keys out of order or twice"), ("a1f500", "it has a key that is neither number nor text"),
        ("a18000", "it has a key that is neither number nor text"), ("a1a000", "it has a key that is neither number nor text"),
    ])
    func `what CTAP2 does not allow is refused`(text: String, expected: String) {
        #expect(reason(text) == expected)
    }

    @Test func `a key twice is refused even where order does not matter`() {
        #expect(value("a203040102", requiresKeyOrder: false) != nil)
        #expect(reason("a201020103", requiresKeyOrder: false) == "it has a key twice")
        #expect(reason("a3616101616202616103", requiresKeyOrder: false) == "it has a key twice")
    }

    @Test func `depth and number of values have limits`() {
        #expect(value(String(repeating: "81", count: 7) + "00") != nil)
        #expect(reason(String(repeating: "81", count: 8) + "00") == "it is nested too deeply")
        #expect(reason(String(repeating: "81", count: 100_000) + "00") == "it is nested too deeply")
        #expect(value("9903ff" + String(repeating: "00", count: 1023)) != nil)
        #expect(reason("990400" + String(repeating: "00", count: 1024)) == "it has too many values")
    }

    @Test func `what follows a value is left`() throws {
        var decoder = CBORDecoder([0x01, 0x02, 0x03], requiresKeyOrder: true)
        #expect(try decoder.value() == .unsigned(1))
        #expect(decoder.rest == [0x02, 0x03])
    }
}
