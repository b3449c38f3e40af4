// A large file on its way up, in parts.

import NIOCore

/// Sends a local file in parts, some at a time. Nothing is at the key before the last request, and nothing is left when something fails on the way; what a
/// process that dies leaves is for the bucket's own rule about unfinished uploads.
struct S3MultipartUpload: Sendable {
    /// More would fill the memory of slow connections and help fast ones little.
    private static let partsAtOnce = 3
    private static let mostParts: Int64 = 10_000

    let client: S3Client
    let key: String
    let file: Descriptor
    let size: Int64
    /// SHA-256 of the whole in hexadecimal digits.
    let digest: String
    let partBytes: Int64
    let threads: DiskThreads

    private struct Part: Sendable {
        let number: Int
        let entityTag: String
        let checksum: String
    }

    private var dialect: S3Dialect { client.location.dialect }

    /// - Parameter mayComplete: asked when all parts have been sent; `false` means that the object has come there in another way.
    /// - Throws: `S3Failure`, or what `mayComplete` throws.
    func run(ifStill mayComplete: () async throws -> Bool) async throws {
        let id = try await begin()
        do {
            let parts = try await sendParts(id)
            guard try await mayComplete() else { return await abort(id) }
            try await complete(id, parts)
        } catch {
            await abort(id)
            throw error
        }
    }

    private func begin() async throws(S3Failure) -> String {
        var request = S3Request(method: "POST", key: key, query: [(name: "uploads", value: "")])
        request.headers = [(name: S3Storage.digestHeader, value: digest)]
        if dialect.hasChecksums { request.headers.append((name: "x-amz-checksum-algorithm", value: "SHA256")) }
        let answer = try await client.send(request)
        guard let xml = try? S3XML(answer.body), let id = xml["UploadId"], !id.isEmpty, id.utf8.count <= 2048 else {
            throw .malformed("a multipart upload without an id")
        }
        return id
    }

    private func sendParts(_ id: String) async throws -> [Part] {
        let length = max(partBytes, (size + Self.mostParts - 1) / Self.mostParts)
        let count = Int((size + length - 1) / length)
        return try await withThrowingTaskGroup(of: Part.self) { group in
            var parts: [Part] = []
            var next = 0
            while parts.count < count {
                while next < count, next - parts.count < Self.partsAtOnce {
                    let (number, start) = (next + 1, Int64(next) * length)
                    group.addTask { try await send(number, start..<min(start + length, size), id) }
                    next += 1
                }
                if let part = try await group.next() { parts.append(part) }
            }
            return parts.sorted { $0.number < $1.number }
        }
    }

    private func send(_ number: Int, _ range: Range<Int64>, _ id: String) async throws -> Part {
        let payload = try await S3Payload.of(file, range, on: threads)
        var request = S3Request(method: "PUT", key: key, payload: payload)
        request.query = [(name: "partNumber", value: String(number)), (name: "uploadId", value: id)]
        request.headers = [S3Storage.integrity(payload, dialect)]
        guard let tag = try await client.send(request).entityTag else { throw S3Failure.malformed("a part without an ETag") }
        return Part(number: number, entityTag: tag, checksum: Base64.encode(payload.sha256))
    }

    private func complete(_ id: String, _ parts: [Part]) async throws(S3Failure) {
        let listed = parts.map { part in
            let checksum = dialect.hasChecksums ? "<ChecksumSHA256>\(part.checksum)</ChecksumSHA256>" : ""
            let tag = part.entityTag.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            return "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(tag)</ETag>\(checksum)</Part>"
        }
        let document =
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(listed.joined())</CompleteMultipartUpload>"
        var request = S3Request(method: "POST", key: key, query: [(name: "uploadId", value: id)], payload: .of(Array(document.utf8)))
        request.headers = [(name: "Content-Type", value: "application/xml")]
        if dialect.hasConditionalCompletion { request.headers.append((name: "If-None-Match", value: "*")) }
        _ = try await client.send(request)
    }

    /// What can not be aborted is left to the bucket's rules.
    private func abort(_ id: String) async {
        let request = S3Request(method: "DELETE", key: key, query: [(name: "uploadId", value: id)])
        let client = client
        // Apart, for a task that was cancelled sends nothing any more.
        await Task { _ = try? await client.send(request) }.value
    }
}
