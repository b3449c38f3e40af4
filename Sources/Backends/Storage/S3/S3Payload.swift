// What a request carries, with what is said about it beforehand.

import Crypto
import NIOCore

/// A body that can be sent again and again, with its hashes.
struct S3Payload: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        /// A part of a local file. It is read once for its hashes and again whenever it is sent, and never lies in memory as a whole.
        case file(Descriptor, Range<Int64>, DiskThreads)
    }

    static let none = S3Payload(content: .bytes([]), sha256: Array(SHA256.hash(data: [UInt8]())), md5: [])

    let content: Content
    let sha256: [UInt8]
    let md5: [UInt8]

    var length: Int64 {
        switch content {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, let range, _): Int64(range.count)
        }
    }

    static func of(_ bytes: [UInt8]) -> S3Payload {
        S3Payload(content: .bytes(bytes), sha256: Array(SHA256.hash(data: bytes)), md5: Array(Insecure.MD5.hash(data: bytes)))
    }

    /// Reads the part of the file for its hashes.
    static func of(_ file: Descriptor, _ range: Range<Int64>, on threads: DiskThreads) async throws(StorageError) -> S3Payload {
        try await threads.run { () throws(StorageError) in
            var (sha256, md5) = (SHA256(), Insecure.MD5())
            try file.forEachPiece(of: range) { piece in
                sha256.update(data: piece)
                md5.update(data: piece)
            }
            return S3Payload(content: .file(file, range, threads), sha256: Array(sha256.finalize()), md5: Array(md5.finalize()))
        }
    }
}

extension Descriptor {
    /// Reads a range in pieces. Blocks.
    func forEachPiece(of range: Range<Int64>, _ body: ([UInt8]) -> Void) throws(StorageError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let piece = try read(at: offset, count: Int(min(1 << 20, range.upperBound - offset)))
            guard !piece.isEmpty else { throw .unavailable("the file to be stored became shorter") }
            body(piece)
            offset += Int64(piece.count)
        }
    }
}

/// A part of a local file as a body: the next piece is read when the last has been sent.
struct S3FileBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let file: Descriptor
    let range: Range<Int64>
    let threads: DiskThreads

    struct Iterator: AsyncIteratorProtocol {
        let body: S3FileBody
        var offset: Int64

        mutating func next() async throws -> ByteBuffer? {
            guard offset < body.range.upperBound else { return nil }
            let (file, offset) = (body.file, offset)
            let count = Int(Swift.min(256 << 10, body.range.upperBound - offset))
            let piece = try await body.threads.run { () throws(StorageError) in try file.read(at: offset, count: count) }
            // The request's length is out already: it can only fail.
            guard piece.count == count else { throw StorageError.unavailable("the file to be stored became shorter") }
            self.offset += Int64(count)
            return ByteBuffer(bytes: piece)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(body: self, offset: range.lowerBound) }
}
