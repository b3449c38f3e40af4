// Files that are two archives at once.

import Distributions

enum PolyglotTricks {
    static let all: [HostileDistribution] = [
        HostileDistribution("tar-gz-that-is-also-a-zip", filename: SourceForge.filename, bytes: gzip + wheel),
        // The zip hides in the gzip header's comment, where every decompressor skips it.
        HostileDistribution("tar-gz-with-a-zip-in-its-header", filename: SourceForge.filename, bytes: commented(gzip, with: wheel)),
        HostileDistribution("tar-gz-that-is-only-a-zip", filename: SourceForge.filename, bytes: wheel),
        HostileDistribution("wheel-that-is-also-a-tar", filename: wheelName, bytes: tarHeader + wheel),
        HostileDistribution("wheel-that-is-a-tar-in-its-first-name", filename: wheelName, bytes: plainTar + wheel),
        HostileDistribution("wheel-that-is-only-a-tar", filename: wheelName, bytes: plainTar),
        HostileDistribution("wheel-that-is-also-a-tar-gz", filename: wheelName, bytes: gzip + wheel),
        HostileDistribution("wheel-that-is-only-a-tar-gz", filename: wheelName, bytes: gzip),
    ]

    private static let wheelName = "demo-1.0-py3-none-any.whl"
    private static let wheel = WheelForge().zip().bytes()
    private static let plainTar = SourceForge.tar().finished()
    private static let gzip = Compression.gzip(plainTar)

    /// One empty tar member of a harmless name: 512 bytes before the zip.
    private static let tarHeader: [UInt8] = {
        var tar = TarForge()
        tar.add("demo-1.0/x")
        return tar.bytes
    }()

    /// A gzip whose header carries more (RFC 1952 §2.3.1.1, FEXTRA).
    private static func commented(_ gzip: [UInt8], with bytes: [UInt8]) -> [UInt8] {
        var out = Array(gzip.prefix(10))
        out[3] |= 4
        return out + ZipForge.little(UInt16(bytes.count)) + bytes + gzip.dropFirst(10)
    }
}
