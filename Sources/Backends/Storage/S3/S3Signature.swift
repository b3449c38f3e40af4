// Signature Version 4, by which S3 knows who asks. Pure: a request and a time go in, headers or a query come out.

import Crypto

/// Signs requests with one key for one region.
struct S3Signature: Sendable {
    /// A request before it is signed. Nothing in it is percent-encoded.
    struct Request: Sendable {
        var method: String
        /// With the leading slash.
        var path: String
        var query: [(name: String, value: String)] = []
        /// All of them are signed; `Host` must be among them.
        var headers: [(name: String, value: String)]
        /// SHA-256 of the body in lower-case hexadecimal digits, or ``S3Signature/unsignedPayload``.
        var payloadHash: String
    }

    static let unsignedPayload = "UNSIGNED-PAYLOAD"
    static let emptyPayload = hexadecimal(SHA256.hash(data: [UInt8]()))
    private static let algorithm = "AWS4-HMAC-SHA256"

    let credentials: S3Credentials
    let region: String
    /// `s3`; the published test vectors have another.
    var service = "s3"

    /// The headers to add: the time, the session token if there is one, and `Authorization`.
    /// - Parameter time: seconds since 1970.
    func headers(for request: Request, at time: Int64) -> [(name: String, value: String)] {
        var added = [(name: "X-Amz-Date", value: S3Time.basic(time))]
        if let token = credentials.sessionToken { added.append((name: "X-Amz-Security-Token", value: token)) }
        var request = request
        request.headers += added
        let signature = signature(of: Self.canonical(request), at: time)
        let value =
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope(at: time)), "
            + "SignedHeaders=\(Self.signedHeaders(request)), Signature=\(signature)"
        return added + [(name: "Authorization", value: value)]
    }

    /// The query of a URL that anyone may use, with the request's own, in the order in which it was signed and percent-encoded.
    /// - Parameters:
    ///   - time: seconds since 1970, from which on it holds.
    ///   - lifetime: seconds, at most a week.
    func query(presigning request: Request, at time: Int64, lifetime: Int64) -> String {
        var request = request
        request.query += [
            (name: "X-Amz-Algorithm", value: Self.algorithm),
            (name: "X-Amz-Credential", value: "\(credentials.accessKeyID)/\(scope(at: time))"),
            (name: "X-Amz-Date", value: S3Time.basic(time)),
            (name: "X-Amz-Expires", value: String(lifetime)),
            (name: "X-Amz-SignedHeaders", value: Self.signedHeaders(request)),
        ]
        if let token = credentials.sessionToken { request.query.append((name: "X-Amz-Security-Token", value: token)) }
        let signature = signature(of: Self.canonical(request), at: time)
        return "\(Self.canonicalQuery(request.query))&X-Amz-Signature=\(signature)"
    }

    // MARK: Its steps

    /// The request as both sides write it down.
    static func canonical(_ request: Request) -> String {
        let headers = sortedHeaders(request).map { "\($0.name):\($0.value)\n" }.joined()
        return [
            request.method, encode(request.path, keepingSlash: true), canonicalQuery(request.query), headers, signedHeaders(request),
            request.payloadHash,
        ].joined(separator: "\n")
    }

    func stringToSign(_ canonicalRequest: String, at time: Int64) -> String {
        let hash = Self.hexadecimal(SHA256.hash(data: Array(canonicalRequest.utf8)))
        return "\(Self.algorithm)\n\(S3Time.basic(time))\n\(scope(at: time))\n\(hash)"
    }

    private func signature(of canonicalRequest: String, at time: Int64) -> String {
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey)".utf8))
        for part in [String(S3Time.basic(time).prefix(8)), region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return Self.hexadecimal(HMAC<SHA256>.authenticationCode(for: Array(stringToSign(canonicalRequest, at: time).utf8), using: key))
    }

    private func scope(at time: Int64) -> String { "\(S3Time.basic(time).prefix(8))/\(region)/\(service)/aws4_request" }

    /// By name; several of one name become one, and runs of spaces one space.
    private static func sortedHeaders(_ request: Request) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in request.headers {
            let words = header.value.split(separator: " ", omittingEmptySubsequences: true)
            values[header.name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        return values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, values[$0]!.joined(separator: ",")) }
    }

    private static func signedHeaders(_ request: Request) -> String { sortedHeaders(request).map(\.name).joined(separator: ";") }

    /// Encoded, then sorted by name and value.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (encode($0.name, keepingSlash: false), encode($0.value, keepingSlash: false)) }
            .sorted { $0.0 == $1.0 ? $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// Percent-encodes everything but letters, digits and `-._~`.
    static func encode(_ text: String, keepingSlash: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            case UInt8(ascii: "/") where keepingSlash: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
