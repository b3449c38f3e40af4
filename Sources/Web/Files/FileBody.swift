// Stored files as bodies of responses.

import Backends
import Hummingbird
import Logging
import NIOCore

/// Sends a part of a stored file: by `sendfile` when it lies on the disk, else in pieces, of which the next is read when the last has gone.
enum FileBody {
    private static let pieceBytes = 256 << 10

    /// - Parameter channel: the connection that the response goes out on.
    static func body(_ file: StoredFile, _ range: Range<Int64>, on channel: any Channel, _ logger: Logger) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            do {
                if let descriptor = file.descriptor {
                    try await channel.send(FileTransfer(file: file, descriptor: descriptor, range: range))
                } else {
                    for try await piece in file.chunks(in: range, ofBytes: pieceBytes) { try await writer.write(ByteBuffer(bytes: piece)) }
                }
            } catch {
                // The head is out, so the connection ends here; whoever just went away is no news.
                if error is FileBecameShorter || error is StorageError {
                    logger.error("A stored file could not be sent to its end.", metadata: ["error": "\(error)"])
                }
                throw error
            }
            try await writer.finish(nil)
        }
    }
}
