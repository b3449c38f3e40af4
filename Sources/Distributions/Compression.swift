// Whole-buffer compression and bounded decompression.
import CZlib

/// gzip and deflate over bytes in memory. Streams use `Inflater`.
public enum Compression {
    /// Which wrapper surrounds deflated data.
    public enum Format: Sendable {
        /// RFC 1951 without any header, as zip members are.
        case deflate
        /// RFC 1952, one member.
        case gzip
    }

    /// Compresses to one gzip member (RFC 1952) whose header carries no time and no name: equal input gives equal output.
    /// - Parameter level: 1 (fast) to 9 (small); 6 is what a page is worth.
    public static func gzip(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
        var stream = z_stream()
        // 15 bits of window, 16 more asks zlib for the gzip wrapper.
        let begun = deflateInit2_(
            &stream,
            Int32(max(1, min(9, level))),
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(begun == Z_OK, "zlib could not start: out of memory")
        defer { deflateEnd(&stream) }
        // zlib counts input in 32 bits, so a larger buffer is fed in pieces.
        let piece = 1 << 30
        let capacity = Int(deflateBound(&stream, UInt(bytes.count))) + 64
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            bytes.withUnsafeBufferPointer { input in
                var position = 0
                var result = Z_OK
                repeat {
                    let now = min(piece, input.count - position)
                    stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + position) }
                    stream.avail_in = UInt32(now)
                    let last = position + now == input.count
                    repeat {
                        let room = min(piece, capacity - count)
                        stream.next_out = output.baseAddress! + count
                        stream.avail_out = UInt32(room)
                        result = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH)
                        count += room - Int(stream.avail_out)
                    } while stream.avail_in > 0 || (last && result == Z_OK)
                    position += now
                } while position < input.count
                precondition(result == Z_STREAM_END, "deflateBound was too small")
            }
        }
    }

    /// Decompresses one stream that must fill `bytes` exactly.
    /// - Parameter limit: the most bytes the result may have.
    /// - Throws: `InvalidArchive`: `.tooLarge` beyond the limit, `.malformed` for anything that is not exactly one valid stream.
    public static func inflate(_ bytes: [UInt8], format: Format, limit: Int) throws(InvalidArchive) -> [UInt8] {
        let inflater = Inflater(format: format)
        var output: [UInt8] = []
        var position = 0
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let step = try inflater.step(input: bytes[position...], output: &chunk)
            position += step.consumed
            guard step.produced <= limit - output.count else {
                throw InvalidArchive(.tooLarge, "decompresses to more than \(limit) bytes")
            }
            output.append(contentsOf: chunk[..<step.produced])
            if step.ended { break }
            if step.consumed == 0 && step.produced == 0 { throw InvalidArchive(.malformed, "compressed data ends too early") }
        }
        guard position == bytes.count else { throw InvalidArchive(.malformed, "data after the end of the compressed stream") }
        return output
    }
}
