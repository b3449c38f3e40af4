// Reading an object from one place to another.

import AsyncHTTPClient
import NIOCore

/// What is read of a stored object.
struct S3FileReader: StoredFileReader {
    let client: S3Client
    let path: StoragePath
    let key: String
    let entityTag: String?
    let size: Int64

    func read(at offset: Int64, count: Int) async throws(StorageError) -> [UInt8] {
        try await S3Cursor(file: self, range: offset..<offset + Int64(count)).next(count)
    }

    func cursor(over range: Range<Int64>) -> (any StoredFileCursor)? { S3Cursor(file: self, range: range) }

    var descriptor: Int32? { nil }
}

/// One GET for a whole range, of which the next piece is taken when it is wanted. When the connection breaks, or the server is tired of a slow reader,
/// another GET goes on from there; `If-Match` keeps it from going on in another object.
// Not checked: only one reader has it, and that asks for the next piece when it has the last.
final class S3Cursor: StoredFileCursor, @unchecked Sendable {
    private let file: S3FileReader
    private let end: Int64
    /// What has come from the server so far.
    private var position: Int64
    private var incoming: HTTPClientResponse.Body.AsyncIterator?
    private var rest = ByteBuffer()
    /// Since the last byte came.
    private var failures = 0

    init(file: S3FileReader, range: Range<Int64>) {
        self.file = file
        (position, end) = (range.lowerBound, range.upperBound)
    }

    func next(_ count: Int) async throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            if let piece = rest.readBytes(length: min(rest.readableBytes, count - bytes.count)), !piece.isEmpty {
                bytes += piece
            } else {
                try await refill()
            }
        }
        return bytes
    }

    private func refill() async throws(StorageError) {
        if incoming == nil { incoming = try await request().makeAsyncIterator() }
        var reason = "the answer ended too early"
        do {
            if let piece = try await incoming?.next() {
                guard piece.readableBytes <= end - position else { throw StorageError.unavailable("S3 sent more of \(file.path) than was asked for") }
                position += Int64(piece.readableBytes)
                if piece.readableBytes > 0 { failures = 0 }
                rest = piece
                return
            }
        } catch let error as StorageError {
            throw error
        } catch {
            reason = "\(HTTPFetchError(error, within: file.client.timing.silence, limit: 0))"
        }
        incoming = nil
        failures += 1
        let mayGoOn = failures < file.client.timing.attempts && !Task.isCancelled
        guard mayGoOn, (try? await Task.sleep(for: file.client.timing.pause(after: failures))) != nil else {
            throw .unavailable("reading \(file.path) from S3: \(reason)")
        }
    }

    private func request() async throws(StorageError) -> HTTPClientResponse.Body {
        var request = S3Request(method: "GET", key: file.key)
        request.headers = [(name: "Range", value: "bytes=\(position)-\(end - 1)")]
        if let tag = file.entityTag { request.headers.append((name: "If-Match", value: tag)) }
        let stream: S3Stream
        do {
            stream = try await file.client.stream(request)
        } catch {
            throw StorageError(error, at: file.path, doing: "read \(file.path)", in: file.client.location)
        }
        let isWhole = stream.answer["Content-Range"] == nil && position == 0 && end == file.size
        // Whatever the status: some say 200 to parts.
        let isPart = stream.answer["Content-Range"] == "bytes \(position)-\(end - 1)/\(file.size)"
        guard isWhole || isPart else { throw .unavailable("S3 sent another part of \(file.path) than was asked for") }
        return stream.body
    }
}
