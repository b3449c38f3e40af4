// Whole-buffer Zstandard.

import CZstd

extension Compression {
    /// Compresses to one Zstandard frame (RFC 8878) that states its length. Equal input gives equal output.
    /// - Parameter level: 1 (fast) to 19 (small); 3 is what a page is worth.
    public static func zstd(_ bytes: [UInt8], level: Int = 3) -> [UInt8] {
        let capacity = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = ZSTD_compress(output.baseAddress, capacity, bytes, bytes.count, Int32(max(1, min(19, level))))
            precondition(ZSTD_isError(count) == 0, "zstd could not compress: out of memory")
        }
    }
}

extension Compression {
    /// Decompresses one Zstandard frame.
    /// - Parameter length: how many bytes it must have.
    /// - Throws: `InvalidArchive` when it has others, or is damaged.
    public static func unzstd(_ bytes: [UInt8], length: Int) throws(InvalidArchive) -> [UInt8] {
        var result = 0
        let plain = [UInt8](unsafeUninitializedCapacity: length) { output, count in
            result = ZSTD_decompress(output.baseAddress, length, bytes, bytes.count)
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0, result == length else { throw InvalidArchive(.malformed, "damaged Zstandard data") }
        return plain
    }
}
