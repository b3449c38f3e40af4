// One request to a bucket, and one answer.

import AsyncHTTPClient
import NIOHTTP1

struct S3Request: Sendable {
    var method: String
    /// The object's whole key; `nil` for the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var payload = S3Payload.none
    /// The most bytes of an answer that is read as a whole.
    var answerLimit = 1 << 20
}

struct S3Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    /// Read as a whole; empty where the answer is streamed.
    let body: [UInt8]

    /// The first header of this name, in whatever case.
    subscript(_ name: String) -> String? { headers.first(name: name) }

    /// Without the quotes; also a weak one.
    var entityTag: String? { self["ETag"] }
}

/// An answer whose body is still to come.
struct S3Stream: Sendable {
    let answer: S3Answer
    let body: HTTPClientResponse.Body
}
