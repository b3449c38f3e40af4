import Crypto

/// A program in Lua that the server runs as one step.
public struct RedisScript: Sendable {
    public let source: String
    /// SHA-1 of the source in hexadecimal: by that the server knows it.
    public let digest: String

    public init(_ source: String) {
        self.source = source
        digest = Insecure.SHA1.hash(data: Array(source.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
