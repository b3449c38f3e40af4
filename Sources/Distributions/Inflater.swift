// Streaming decompression over zlib.
import CZlib

/// One running decompression. Not thread safe: belongs to whoever feeds it.
final class Inflater {
    struct Step {
        let consumed: Int
        let produced: Int
        /// The stream has ended and, for gzip, its checksum and length were right.
        let ended: Bool
    }

    // zlib keeps the address of this structure inside its own state, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init(format: Compression.Format) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let windowBits: Int32 = format == .gzip ? 15 + 16 : -15
        let begun = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "zlib could not start: out of memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Makes it ready for another stream of the same format.
    func reset() { inflateReset(stream) }

    /// Decompresses from the start of `input` into the start of `output`, as far as either reaches.
    func step(input: ArraySlice<UInt8>, output: inout [UInt8]) throws(InvalidArchive) -> Step {
        let room = min(output.count, 1 << 30)
        let offered = min(input.count, 1 << 30)
        let result = input.withUnsafeBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0) }
                stream.pointee.avail_in = UInt32(offered)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(room)
                return CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        // Z_BUF_ERROR only says that no progress was possible; the caller sees that in the counts.
        guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
            throw InvalidArchive(.malformed, "compressed data is damaged")
        }
        return Step(
            consumed: offered - Int(stream.pointee.avail_in),
            produced: room - Int(stream.pointee.avail_out),
            ended: result == Z_STREAM_END
        )
    }
}
