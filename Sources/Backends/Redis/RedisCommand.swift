/// A command for Redis.
public struct RedisCommand: Sendable, Hashable {
    public let words: [[UInt8]]
    /// What says which server of a cluster it is for; any of them where it is `nil`.
    public let key: [UInt8]?

    /// - Parameters:
    ///   - words: the command's name and its arguments, the key among them.
    ///   - key: the first key it touches. Commands that touch several are for one server alone.
    public init(_ words: [RedisWord], key: RedisWord? = nil) {
        self.words = words.map(\.bytes)
        self.key = key?.bytes
    }
}

/// A name, a key or an argument.
public struct RedisWord: Sendable, Hashable, ExpressibleByStringInterpolation {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ text: String) { bytes = Array(text.utf8) }
    public init(_ number: some BinaryInteger) { bytes = Array(String(number).utf8) }
    public init(stringLiteral text: String) { self.init(text) }
}
