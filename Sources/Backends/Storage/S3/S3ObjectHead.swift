/// What a HEAD says of an object.
struct S3ObjectHead: Sendable {
    let size: Int64
    /// Microseconds since 1970.
    let storedAt: Int64
    let entityTag: String?
    /// Of the whole content, in hexadecimal digits, when the server or whoever stored it says so.
    let sha256: String?

    init(_ answer: S3Answer) throws(S3Failure) {
        guard let size = answer["Content-Length"].flatMap({ Int64($0) }), size >= 0 else { throw .malformed("no Content-Length") }
        self.size = size
        storedAt = (answer["Last-Modified"].flatMap(HTTPDate.parse) ?? 0) * 1_000_000
        entityTag = answer.entityTag
        let stored = answer[S3Storage.digestHeader].flatMap { $0.utf8.count == 64 ? $0.lowercased() : nil }
        // One with a hyphen is a checksum of the parts' checksums.
        let checksum = answer["x-amz-checksum-sha256"].flatMap { $0.contains("-") ? nil : Base64.decode($0) }
        sha256 = checksum.flatMap { $0.count == 32 ? S3Signature.hexadecimal($0) : nil } ?? stored
    }
}
