import Testing

@testable import Web

struct ContentCodingTests {
    // index §0.2 step 8; RFC 9110 §12.5.3
    @Test(
        arguments: [
            (nil, ContentCoding.identity), ("", .identity), ("gzip", .gzip), ("gzip, deflate", .gzip), ("GZIP;q=0.5", .gzip), ("x-gzip", .gzip),
            ("*", .gzip),
            ("gzip, deflate, br, zstd", .zstd), ("zstd;q=0.5, gzip", .gzip), ("zstd;q=0", .identity), ("gzip;q=0, *", .identity),
            ("*;q=0", .identity),
            ("identity, gzip;q=0.5", .identity), ("identity;q=0.5, gzip;q=0.5", .gzip), ("br", .identity), ("zstd", .zstd), ("gzip;q=0, zstd", .zstd),
            ("deflate", .identity),
        ] as [(String?, ContentCoding)]
    )
    func `the coding that the client likes best is taken, of equals zstd`(header: String?, coding: ContentCoding) {
        #expect(ContentCoding(preferredBy: header) == coding)
    }
}
