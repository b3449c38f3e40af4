import Testing

@testable import Distributions

@Suite struct DigestsTests {
    // Values of RFC 1321, FIPS 180-4 and RFC 7693's reference program for "abc".
    private let abc = Digests(
        md5: "900150983cd24fb0d6963f7d28e17f72",
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        blake2b256: "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
        size: 3
    )

    @Test func `all three digests of abc are the published ones`() {
        #expect(Digests(of: Array("abc".utf8)) == abc)
        #expect(Digests(of: "abc".utf8) == abc)
    }

    @Test func `digests do not depend on how the bytes are cut`() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 5) }
        let whole = Digests(of: bytes)
        for size in [1, 63, 64, 65, 127, 128, 129, 4096] {
            var state = DigestState()
            for start in stride(from: 0, to: bytes.count, by: size) { state.update(bytes[start..<min(start + size, bytes.count)]) }
            #expect(state.finalize() == whole)
        }
    }

    @Test func `a copied state goes its own way`() {
        var one = DigestState()
        one.update("a".utf8)
        var other = one
        other.update("XYZ".utf8)
        one.update("bc".utf8)
        #expect(one.finalize() == abc)
        #expect(other.finalize() == Digests(of: "aXYZ".utf8))
    }

    @Test func `a state can be read and continued`() {
        var state = DigestState()
        state.update("ab".utf8)
        #expect(state.finalize() == Digests(of: "ab".utf8))
        state.update("c".utf8)
        #expect(state.finalize() == abc)
    }

    @Test func `the digests of nothing are those of the empty text`() {
        let digests = DigestState().finalize()
        #expect(digests.md5 == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(digests.blake2b256 == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
        #expect(digests.size == 0)
    }
}
