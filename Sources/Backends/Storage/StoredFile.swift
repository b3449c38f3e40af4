// An opened stored file.
import Glibc

/// A stored file, open for reading as long as this value is kept.
public struct StoredFile: Sendable {
    /// Length in bytes.
    public let size: Int64
    /// When it was stored, in microseconds since 1970.
    public let storedAt: Int64
    private let reader: any StoredFileReader

    init(size: Int64, storedAt: Int64, reader: any StoredFileReader) {
        self.size = size
        self.storedAt = storedAt
        self.reader = reader
    }

    /// The file's descriptor for `sendfile`, when it lies on the local disk. It is lent: it closes with the last copy of this value, and its position means nothing.
    public var descriptor: Int32? { reader.descriptor }

    /// How many bytes the file with the ``descriptor`` has now: fewer than ``size`` when somebody has damaged it. `nil` without one.
    public var currentSize: Int64? {
        var status = stat()
        guard let descriptor, fstat(descriptor, &status) == 0 else { return nil }
        return Int64(status.st_size)
    }

    func cursor(over range: Range<Int64>) -> (any StoredFileCursor)? { reader.cursor(over: range) }

    /// Exactly `count` bytes from `offset` on, or fewer at the end of the file.
    public func read(at offset: Int64, count: Int) async throws(StorageError) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        return try await reader.read(at: offset, count: Int(min(Int64(count), size - offset)))
    }

    /// The content, or the part of it within `range` (byte offsets, cut to the file), in chunks. The next chunk is read when it is asked for.
    public func chunks(in range: Range<Int64>? = nil, ofBytes chunkBytes: Int = 1 << 20) -> StoredFileChunks {
        StoredFileChunks(file: self, range: (range ?? 0..<size).clamped(to: 0..<size), chunkBytes: max(1, chunkBytes))
    }
}

/// What a storage provides behind an opened file. `offset` and `count` lie within the file.
protocol StoredFileReader: Sendable {
    func read(at offset: Int64, count: Int) async throws(StorageError) -> [UInt8]
    /// Reads a range in order, for a storage where each `read` asks anew; `nil` where that costs nothing.
    func cursor(over range: Range<Int64>) -> (any StoredFileCursor)?
    var descriptor: Int32? { get }
}

extension StoredFileReader {
    func cursor(over range: Range<Int64>) -> (any StoredFileCursor)? { nil }
}

/// Reads on where it stopped.
protocol StoredFileCursor: AnyObject, Sendable {
    /// Exactly `count` bytes; never more are asked for than its range has.
    func next(_ count: Int) async throws(StorageError) -> [UInt8]
}

/// The chunks of a stored file, in order.
public struct StoredFileChunks: AsyncSequence, Sendable {
    let file: StoredFile
    let range: Range<Int64>
    let chunkBytes: Int

    public struct Iterator: AsyncIteratorProtocol, Sendable {
        let file: StoredFile
        var range: Range<Int64>
        let chunkBytes: Int
        let cursor: (any StoredFileCursor)?

        public mutating func next() async throws(StorageError) -> [UInt8]? { try await next(isolation: nil) }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(StorageError) -> [UInt8]? {
            guard !range.isEmpty else { return nil }
            let count = Int(Swift.min(Int64(chunkBytes), range.upperBound - range.lowerBound))
            let bytes: [UInt8]
            if let cursor { bytes = try await cursor.next(count) } else { bytes = try await file.read(at: range.lowerBound, count: count) }
            range = (range.lowerBound + Int64(count))..<range.upperBound
            return bytes
        }
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(file: file, range: range, chunkBytes: chunkBytes, cursor: range.isEmpty ? nil : file.cursor(over: range))
    }
}
