// Stored files as bodies of responses.

package import Backends
import Hummingbird
import Logging
import NIOCore

/// A part of a stored file of which the beginning has been read: as long as nothing has been sent, a storage that can not be read is an answer like any other.
package struct FilePieces: Sendable {
    private static let pieceBytes = 256 << 10

    /// How many bytes there are in all.
    let count: Int
    fileprivate let first: [UInt8]
    fileprivate let rest: StoredFileChunks.Iterator

    init(_ file: StoredFile, _ range: Range<Int64>) async throws(StorageError) {
        var iterator = file.chunks(in: range, ofBytes: Self.pieceBytes).makeAsyncIterator()
        first = try await iterator.next() ?? []
        rest = iterator
        count = range.count
    }
}

/// Sends a part of a stored file: by `sendfile` when it lies on the disk, else in pieces, of which the next is read when the last has gone.
enum FileBody {
    /// - Parameter channel: the connection that the response goes out on.
    static func body(_ file: StoredFile, _ descriptor: Int32, _ range: Range<Int64>, on channel: any Channel, _ logger: Logger) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            try await sending(logger) { try await channel.send(FileTransfer(file: file, descriptor: descriptor, range: range)) }
            try await writer.finish(nil)
        }
    }

    static func body(_ pieces: FilePieces, _ logger: Logger) -> ResponseBody {
        ResponseBody(contentLength: pieces.count) { writer in
            var next: [UInt8]? = pieces.first
            var rest = pieces.rest
            while let piece = next {
                try await writer.write(ByteBuffer(bytes: piece))
                next = try await sending(logger) { try await rest.next() }
            }
            try await writer.finish(nil)
        }
    }

    /// The head is out, so where `send` fails the connection ends; whoever just went away is no news.
    private static func sending<Result>(_ logger: Logger, _ send: () async throws -> Result) async throws -> Result {
        do {
            return try await send()
        } catch {
            if error is FileBecameShorter || error is StorageError {
                logger.error("A stored file could not be sent to its end.", metadata: ["error": "\(error)"])
            }
            throw error
        }
    }
}
