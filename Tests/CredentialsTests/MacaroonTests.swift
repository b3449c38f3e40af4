import Testing

@testable import Credentials

@Suite struct MacaroonTests {
    private static let rootKey = Array(UInt8(0)...31)
    private static let vector =
        "pypi-AgEMcHlwaS5leGFtcGxlAiQxMTExMTExMS0yMjIyLTMzMzMtNDQ0NC01NTU1NTU1NTU1NTUAAipbMywiYWFhYWFhYWEtYmJiYi1jY2NjLWRkZGQtZWVlZWVlZWVlZWVlIl0AAAYguH4hHJvquWhYiiZeKWo6NpXf0JopJNtFoVjz_32jFmE"

    private static var plain: Macaroon {
        Macaroon(location: "pypi.example", identifier: Array("11111111-2222-3333-4444-555555555555".utf8), rootKey: rootKey)
    }

    @Test func `the token of the specification's vector is made exactly`() {
        let macaroon = Self.plain.adding(caveat: Caveat.requestUser("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee").json)
        #expect(macaroon.token == Self.vector)
    }

    @Test func `the token of the specification's vector is read and verified`() throws {
        let macaroon = try Macaroon(token: Self.vector)
        #expect(macaroon.location == "pypi.example")
        #expect(macaroon.identifier == Array("11111111-2222-3333-4444-555555555555".utf8))
        #expect(macaroon.caveats.map(\.identifier) == [Array(#"[3,"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"]"#.utf8)])
        #expect(macaroon.hasValidSignature(rootKey: Self.rootKey))
        #expect(!macaroon.hasValidSignature(rootKey: Array(Self.rootKey.reversed())))
        #expect(macaroon.token == Self.vector)
    }

    @Test func `changing any bit of a packet makes it invalid, but for its unsigned location`() throws {
        let packet = try Macaroon(token: Self.vector).packet
        let locationBytes = 3..<3 + "pypi.example".utf8.count
        for index in packet.indices where !locationBytes.contains(index) {
            for bit in 0..<8 {
                var changed = packet
                changed[index] ^= 1 << UInt8(bit)
                let isAccepted = (try? Macaroon(packet: changed))?.hasValidSignature(rootKey: Self.rootKey) ?? false
                #expect(!isAccepted, "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test func `changing any character of a token makes it invalid, but for those of its unsigned location`() throws {
        let characters = Array(Self.vector.utf8)
        // The location's twelve bytes begin in character 5 + 4 and end with character 5 + 19.
        for index in characters.indices where !(9..<25).contains(index) {
            for other in "ABghz019-_=+/. \n".utf8 where other != characters[index] {
                var changed = characters
                changed[index] = other
                let isAccepted = (try? Macaroon(token: String(decoding: changed, as: UTF8.self)))?.hasValidSignature(rootKey: Self.rootKey) ?? false
                #expect(!isAccepted, "character \(index)")
            }
        }
    }

    @Test func `a caveat cannot be taken away or moved`() {
        let one = Array("[1,[\"a\"]]".utf8)
        let two = Array("[1,[\"b\"]]".utf8)
        let whole = Self.plain.adding(caveat: one).adding(caveat: two)
        for caveats in [[whole.caveats[0]], [whole.caveats[1]], [whole.caveats[1], whole.caveats[0]], []] {
            let forged = Macaroon(location: whole.location, identifier: whole.identifier, caveats: caveats, signature: whole.signature)
            #expect(!forged.hasValidSignature(rootKey: Self.rootKey))
        }
        #expect(whole.hasValidSignature(rootKey: Self.rootKey))
    }

    @Test(arguments: ["", "pypi", "pypi-", "pypy-AgEM", "PYPI-AgEM", "pypi-A", "pypi-AgEM====", "pypi-Ag M", "pypi-é"])
    func `text that is no token is refused`(text: String) {
        #expect(throws: InvalidMacaroon.self) { try Macaroon(token: text) }
    }

    @Test func `a token cut anywhere or continued is refused`() {
        for length in 0..<Self.vector.count { #expect(throws: InvalidMacaroon.self) { try Macaroon(token: String(Self.vector.prefix(length))) } }
        #expect(throws: InvalidMacaroon.self) { try Macaroon(token: Self.vector + "A") }
        #expect(throws: InvalidMacaroon.self) { try Macaroon(token: Self.vector + "AAAA") }
    }

    @Test func `a version 1 packet is refused`() {
        let packet = Array("0015location example\n001fidentifier 1234567890ab\n".utf8)
        #expect(throws: InvalidMacaroon("macaroon is not of version 2")) { try Macaroon(packet: packet) }
    }

    @Test func `numbers must have their shortest spelling`() throws {
        let packet = Self.plain.packet
        var padded = packet
        padded.replaceSubrange(2..<3, with: [packet[2] | 0x80, 0])
        #expect(throws: InvalidMacaroon("macaroon has a malformed number")) { try Macaroon(packet: padded) }
    }

    @Test func `long values survive the trip`() throws {
        let macaroon = Self.plain.adding(caveat: [UInt8](repeating: 7, count: 20_000)).adding(caveat: [])
        #expect(try Macaroon(token: macaroon.token) == macaroon)
    }

    @Test func `too many caveats and too long packets are refused`() {
        var many = Self.plain
        for _ in 0...Macaroon.mostCaveats { many.addCaveat([1]) }
        #expect(throws: InvalidMacaroon("macaroon has too many caveats")) { try Macaroon(packet: many.packet) }
        let long = Self.plain.adding(caveat: [UInt8](repeating: 7, count: Macaroon.largestPacket))
        #expect(throws: InvalidMacaroon("macaroon is too long")) { try Macaroon(packet: long.packet) }
        #expect(throws: InvalidMacaroon("token is too long")) { try Macaroon(token: long.adding(caveat: [UInt8](repeating: 7, count: 5000)).token) }
    }

    @Test func `base64 round-trips every length`() {
        for count in 0..<100 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64URL.decode("-_9".utf8) == nil)
    }
}
