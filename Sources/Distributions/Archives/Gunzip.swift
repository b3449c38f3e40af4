// Streams a gzip file through a bounded decompressor.

enum Gunzip {
    private static let pieceBytes: Int64 = 128 * 1024

    /// Passes the decompressed content on in pieces. Several members in a row count as one (RFC 1952 §2.2), zero padding after them is ignored.
    /// - Throws: `InvalidArchive`, or whatever `body` throws.
    static func stream(_ source: ArchiveSource, limit: Int64, into body: (ArraySlice<UInt8>) throws -> Void) throws {
        let inflater = Inflater(format: .gzip)
        var output = [UInt8](repeating: 0, count: 256 * 1024)
        var total: Int64 = 0
        var offset: Int64 = 0
        var input: ArraySlice<UInt8> = []
        var isBetweenMembers = false
        while true {
            if input.isEmpty && offset < source.size {
                let count = min(pieceBytes, source.size - offset)
                input = try source.read(at: offset, count: Int(count))[...]
                offset += count
            }
            if isBetweenMembers {
                input = input.drop { $0 == 0 }
                if input.isEmpty {
                    if offset == source.size { return }
                    continue
                }
                inflater.reset()
                isBetweenMembers = false
            }
            let step = try inflater.step(input: input, output: &output)
            input = input.dropFirst(step.consumed)
            total += Int64(step.produced)
            guard total <= limit else { throw InvalidArchive(.tooLarge, "expands to more than \(limit) bytes") }
            if step.produced > 0 { try body(output[..<step.produced]) }
            if step.ended {
                isBetweenMembers = true
            } else if step.consumed == 0 && step.produced == 0 && (offset == source.size || !input.isEmpty) {
                throw InvalidArchive(.malformed, "gzip data ends too early")
            }
        }
    }
}
