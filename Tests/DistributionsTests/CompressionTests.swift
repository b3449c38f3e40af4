import Testing

@testable import Distributions

@Suite struct CompressionTests {
    private static let text = Array(String(repeating: "one page of an index, much like the next. ", count: 3000).utf8)

    @Test(arguments: [1, 6, 9])
    func `gzip gives the same bytes back`(level: Int) throws {
        let packed = Compression.gzip(Self.text, level: level)
        #expect(packed.count < Self.text.count / 20)
        #expect(try Compression.inflate(packed, format: .gzip, limit: Self.text.count) == Self.text)
    }

    @Test func `the gzip header carries neither time nor name`() {
        #expect(Array(Compression.gzip(Self.text).prefix(8)) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    }

    @Test func `nothing can be compressed too`() throws {
        #expect(try Compression.inflate(Compression.gzip([]), format: .gzip, limit: 0) == [])
    }

    @Test func `incompressible bytes come back`() throws {
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(try Compression.inflate(Compression.gzip(noise), format: .gzip, limit: noise.count) == noise)
    }

    @Test func `one byte over the limit is refused`() {
        let packed = Compression.gzip(Self.text)
        #expect(throws: InvalidArchive(.tooLarge, "decompresses to more than \(Self.text.count - 1) bytes")) {
            try Compression.inflate(packed, format: .gzip, limit: Self.text.count - 1)
        }
    }

    @Test func `cut, changed and continued streams are refused`() {
        let packed = Compression.gzip(Self.text)
        var changed = packed
        changed[packed.count - 6] ^= 1  // in the checksum
        for damaged in [Array(packed.dropLast()), Array(packed.prefix(20)), changed, packed + [0], []] {
            #expect { try Compression.inflate(damaged, format: .gzip, limit: 1 << 20) } throws: { ($0 as? InvalidArchive)?.kind == .malformed }
        }
    }
}
