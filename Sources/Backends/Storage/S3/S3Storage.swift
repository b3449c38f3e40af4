// Files in a bucket of an object store that speaks S3.

import Crypto
import Glibc

/// A `FileStorage` in a bucket. Any number of processes may share it.
///
/// A new object is stored on condition that nothing is at its key (or, where a server has no such condition, after a look), with its SHA-256 beside it.
/// Whoever finds the key taken compares: the same content counts as stored. Large files go up in parts. Keys know no folders, so one path may be the
/// beginning of another. An object that is deleted while it is read can not be read on.
public final class S3Storage: FileStorage {
    /// Files above this go up in parts of this many bytes.
    public static let standardPartBytes: Int64 = 16 << 20
    /// From this size on it is worth asking first whether the file is there already.
    private static let bytesWorthALook: Int64 = 1 << 20
    /// The content's SHA-256 in hexadecimal digits, as it is kept with the object.
    static let digestHeader = "x-amz-meta-emporium-sha256"

    let client: S3Client
    private let partBytes: Int64
    private let threads = DiskThreads(limit: 8)
    private let now: @Sendable () -> Int64

    private var location: S3Location { client.location }
    private var dialect: S3Dialect { client.location.dialect }

    /// Asks nothing of the server yet.
    /// - Parameters:
    ///   - partBytes: at least 5 MB, for servers take no smaller parts.
    ///   - now: microseconds since 1970.
    public init(
        _ location: S3Location,
        credentials: S3Credentials,
        timing: S3Timing = S3Timing(),
        partBytes: Int64 = S3Storage.standardPartBytes,
        now: @escaping @Sendable () -> Int64 = S3Storage.systemTime
    ) {
        client = S3Client(location, credentials: credentials, timing: timing, now: now)
        self.partBytes = partBytes
        self.now = now
    }

    /// The machine's clock, in microseconds since 1970.
    public static let systemTime: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    // MARK: Writing

    public func put(fileAt localPath: String, at path: StoragePath) async throws(StorageError) {
        let file = try await threads.run { () throws(StorageError) in
            let file = try Descriptor(Glibc.open(localPath, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), doing: "open the file to be stored")
            guard try file.status().st_mode & S_IFMT == S_IFREG else { throw .unavailable("the file to be stored is not a regular file") }
            return file
        }
        let size = Int64(try file.status().st_size)
        let payload = try await S3Payload.of(file, 0..<size, on: threads)
        guard size > partBytes else { return try await put(payload, at: path) }
        try await putInParts(file, payload, at: path)
    }

    public func put(_ bytes: [UInt8], at path: StoragePath) async throws(StorageError) { try await put(S3Payload.of(bytes), at: path) }

    private func put(_ payload: S3Payload, at path: StoragePath) async throws(StorageError) {
        let mustLook = !dialect.hasConditionalPut || payload.length >= Self.bytesWorthALook
        if mustLook, try await isThere(payload, at: path) { return }
        var request = S3Request(method: "PUT", key: key(path), payload: payload)
        request.headers = [(name: Self.digestHeader, value: S3Signature.hexadecimal(payload.sha256))]
        request.headers.append(S3Storage.integrity(payload, dialect))
        if dialect.hasConditionalPut { request.headers.append((name: "If-None-Match", value: "*")) }
        do {
            _ = try await client.send(request)
        } catch {
            guard case .refused(let refusal) = error, refusal.isUnmetCondition else { throw self.error(error, path, "store \(path)") }
            // Somebody else's, or our own whose answer was lost.
            guard try await isThere(payload, at: path) else { throw .unavailable("store \(path): it was deleted at the same moment") }
        }
    }

    private func putInParts(_ file: Descriptor, _ payload: S3Payload, at path: StoragePath) async throws(StorageError) {
        if try await isThere(payload, at: path) { return }
        let upload = S3MultipartUpload(
            client: client,
            key: key(path),
            file: file,
            size: payload.length,
            digest: S3Signature.hexadecimal(payload.sha256),
            partBytes: partBytes,
            threads: threads
        )
        do {
            try await upload.run {
                // The last look, where the server does not take one itself.
                if !self.dialect.hasConditionalCompletion { return try await !self.isThere(payload, at: path) }
                return true
            }
        } catch let error as StorageError {
            throw error
        } catch let error as S3Failure {
            // Also when the answer to the last request was lost: then there is no such upload any more, but the object.
            if case .refused(let refusal) = error, refusal.isUnmetCondition || refusal.code == "NoSuchUpload", try await isThere(payload, at: path) {
                return
            }
            throw self.error(error, path, "store \(path)")
        } catch {
            throw .unavailable("store \(path): \(error)")
        }
    }

    /// Whether this very content is stored at the path.
    /// - Throws: `.conflict` when another is.
    private func isThere(_ payload: S3Payload, at path: StoragePath) async throws(StorageError) -> Bool {
        let present: S3ObjectHead
        do {
            // If it is the bucket that is missing, storing says so.
            present = try await head(path, doubting404: false)
        } catch .notFound {
            return false
        }
        guard present.size == payload.length else { throw .conflict(path) }
        if let digest = present.sha256 {
            guard digest == S3Signature.hexadecimal(payload.sha256) else { throw .conflict(path) }
            return true
        }
        // Not ours, or the server keeps no metadata: the bytes themselves say it.
        var hash = SHA256()
        do {
            for try await piece in file(present, at: path).chunks() { hash.update(data: piece) }
        } catch .notFound {
            return false
        }
        guard Array(hash.finalize()) == payload.sha256 else { throw .conflict(path) }
        return true
    }

    /// What lets the server check the bytes it got. (The signature has their hash too, but not every server compares it.)
    static func integrity(_ payload: S3Payload, _ dialect: S3Dialect) -> (name: String, value: String) {
        dialect.hasChecksums
            ? (name: "x-amz-checksum-sha256", value: Base64.encode(payload.sha256)) : (name: "Content-MD5", value: Base64.encode(payload.md5))
    }

    @discardableResult
    public func delete(_ path: StoragePath) async throws(StorageError) -> Bool {
        // A deletion is answered the same way whether there was anything or not.
        do {
            _ = try await head(path)
        } catch .notFound {
            return false
        }
        do {
            _ = try await client.send(S3Request(method: "DELETE", key: key(path)))
            return true
        } catch {
            throw self.error(error, path, "delete \(path)")
        }
    }

    // MARK: Reading

    public func size(of path: StoragePath) async throws(StorageError) -> Int64 { try await head(path).size }

    public func keptDigest(of path: StoragePath) async throws(StorageError) -> (size: Int64, sha256: String?) {
        let head = try await head(path)
        return (head.size, head.sha256)
    }

    public func open(_ path: StoragePath) async throws(StorageError) -> StoredFile { file(try await head(path), at: path) }

    private func file(_ head: S3ObjectHead, at path: StoragePath) -> StoredFile {
        let reader = S3FileReader(client: client, path: path, key: key(path), entityTag: head.entityTag, size: head.size)
        return StoredFile(size: head.size, storedAt: head.storedAt, reader: reader)
    }

    public func list(prefix: String, after: StoragePath?, limit: Int) async throws(StorageError) -> [StoragePath] {
        guard limit > 0 else { return [] }
        var listing = S3Listing(client: client, prefix: prefix, after: after, limit: limit)
        do {
            try await listing.run()
        } catch {
            throw self.error(error, nil, "list files")
        }
        return listing.paths
    }

    public func clockDifference() async throws(StorageError) -> ClockDifference? {
        do {
            return try await client.askForTime().map { ClockDifference(seconds: $0) }
        } catch {
            throw self.error(error, nil, "ask for the time")
        }
    }

    public func downloadURL(for path: StoragePath, contentType: String, validFor lifetime: Duration) -> String? {
        let name = path.parts.last ?? ""
        // A plain file name: quotes and backslashes would end the quoted text.
        let isPlain = !name.utf8.contains(UInt8(ascii: "\"")) && !name.utf8.contains(UInt8(ascii: "%"))
        var query = [(name: "response-content-type", value: contentType)]
        if isPlain { query.append((name: "response-content-disposition", value: "attachment; filename=\"\(name)\"")) }
        return client.presigned(key(path), query: query, lifetime: max(1, min(lifetime.components.seconds, 7 * 24 * 3600)))
    }

    /// What the server says of an object without sending it.
    /// - Parameter doubting404: whether to find out what exactly is missing.
    private func head(_ path: StoragePath, doubting404: Bool = true) async throws(StorageError) -> S3ObjectHead {
        var request = S3Request(method: "HEAD", key: key(path))
        if dialect.hasChecksums { request.headers = [(name: "x-amz-checksum-mode", value: "ENABLED")] }
        for isLast in [false, true] {
            do {
                return try S3ObjectHead(try await client.send(request))
            } catch {
                guard case .refused(let refusal) = error, refusal.code.isEmpty, (300..<500).contains(refusal.status), !isLast,
                    doubting404 || refusal.status != 404
                else {
                    throw self.error(error, path, "look at \(path)")
                }
                // An answer to HEAD has no body, and so no reason: a missing bucket looks like a missing object, a wrong secret like a wrong clock.
                try await findReason(path)
            }
        }
        throw .unavailable("look at \(path): \(location.endpoint) contradicts itself")
    }

    private func findReason(_ path: StoragePath) async throws(StorageError) {
        let request = S3Request(method: "GET", key: key(path), headers: [(name: "Range", value: "bytes=0-0")])
        do {
            _ = try await client.stream(request)
        } catch {
            if case .refused(let refusal) = error, refusal.status == 416 { return }  // an empty object
            throw self.error(error, path, "look at \(path)")
        }
    }

    private func key(_ path: StoragePath) -> String { location.prefix + path.text }

    private func error(_ failure: S3Failure, _ path: StoragePath?, _ what: String) -> StorageError {
        StorageError(failure, at: path, doing: what, in: location)
    }
}
