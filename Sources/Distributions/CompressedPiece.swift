// Compressed parts that can be put together without being compressed again.

import CZlib
import Crypto
import Foundation

/// A part of a body, compressed by itself: when one part of a long page changes, the others stay as they are.
public struct CompressedPiece: Sendable {
    public enum Format: Sendable, Hashable {
        /// The bytes as they are.
        case identity
        /// Deflate blocks that end at a byte and refer to nothing before them: parts of one gzip member (RFC 1952).
        case gzip
        /// A Zstandard frame (RFC 8878); a body may have many.
        case zstd
    }

    /// What remains to be known of a part once its bytes are elsewhere.
    public struct Mark: Sendable {
        /// Of the bytes before compression.
        public let length: Int
        /// Of the bytes before compression; 0 where the format has no use for it.
        fileprivate let checksum: UInt
        /// MD5 of the bytes before compression: tells contents apart.
        public let digest: [UInt8]
    }

    public let bytes: [UInt8]
    public let mark: Mark

    public init(_ plain: [UInt8], as format: Format) {
        switch format {
        case .identity: bytes = plain
        case .gzip: bytes = plain.isEmpty ? [] : Self.deflateBlocks(plain)
        case .zstd: bytes = plain.isEmpty ? [] : Compression.zstd(plain)
        }
        let checksum = format == .gzip ? plain.withUnsafeBytes(Self.crc32) : 0
        mark = Mark(length: plain.count, checksum: checksum, digest: Array(Insecure.MD5.hash(data: plain)))
    }

    /// What has to stand before and behind `pieces`, in this order, to make them one body.
    public static func frame(_ pieces: [Mark], as format: Format) -> (start: [UInt8], end: [UInt8]) {
        guard format == .gzip else { return ([], []) }
        var checksum = pieces.first?.checksum ?? 0
        for piece in pieces.dropFirst() { checksum = crc32_combine(checksum, piece.checksum, piece.length) }
        let length = pieces.reduce(0) { $0 + $1.length }
        func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        // No name, no time, Unix; at the end an empty last block, the checksum and the length.
        return (
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3],
            [0x03, 0x00] + littleEndian(UInt32(truncatingIfNeeded: checksum)) + littleEndian(UInt32(truncatingIfNeeded: length))
        )
    }

    private static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt {
        var checksum = CZlib.crc32(0, nil, 0)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 30)
            checksum = piece.withUnsafeBytes { CZlib.crc32(checksum, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32($0.count)) }
            rest = rest.dropFirst(piece.count)
        }
        return checksum
    }

    /// - Parameter plain: less than a gigabyte.
    private static func deflateBlocks(_ plain: [UInt8]) -> [UInt8] {
        precondition(plain.count < 1 << 30, "pieces are small")
        var stream = z_stream()
        let begun = deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "zlib could not start: out of memory")
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(plain.count))) + 64
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            plain.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(capacity)
                let result = deflate(&stream, Z_FULL_FLUSH)
                precondition(result == Z_OK && stream.avail_in == 0 && stream.avail_out > 0, "deflateBound was too small")
                count = capacity - Int(stream.avail_out)
            }
        }
    }
}
