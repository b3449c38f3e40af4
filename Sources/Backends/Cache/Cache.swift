// What may be forgotten, and is shared by the processes of an index.

/// A place for what may be lost at any moment: sessions, counts of attempts, answers of others, words between processes.
///
/// Keys of different namespaces never meet. Nothing here waits longer than a short deadline; whoever asks decides what a failure means, for most that the answer has
/// to be found in another way.
public protocol Cache: Sendable {
    /// Whether other processes see what is set here.
    var isShared: Bool { get }

    /// - Returns: `nil` for what was never set, has expired, was thrown out, or is not what was set.
    func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]?

    /// Sets a value, whatever was there.
    ///
    /// - Parameter lifetime: how long it may be kept, rounded to milliseconds and at least one.
    /// - Throws: `CacheError`; the value may have been set then, or not.
    func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError)

    /// Sets a value in the place of another one, in one step: what was deleted meanwhile stays deleted.
    ///
    /// - Returns: whether there was one.
    func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool

    func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError)

    /// Counts an event in a window that moves: of what happened in the last `window`, no more than `limit` is counted. One step, however many ask at once.
    ///
    /// - Parameters:
    ///   - limit: up to 100,000; with 0 nothing is allowed. Each counted event takes some bytes until it has left the window.
    func increment(_ key: String, in namespace: CacheNamespace, limit: Int, window: Duration) async throws(CacheError) -> CacheWindow

    /// Takes back the newest event that was counted under a key. Does nothing where there is none.
    func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError)

    /// Says something to whoever listens at this moment, in this process too, or drops it: never waits and never fails.
    func publish(_ message: [UInt8], on channel: String)

    /// What is published from now on, until the stream is let go. Messages may be lost: they are a reason to look, never the truth.
    func messages(on channel: String) -> AsyncStream<[UInt8]>
}

/// What keys are about; part of what they are called in Redis.
public enum CacheNamespace: String, Sendable, Hashable, CaseIterable {
    /// Who is logged in.
    case sessions
    case rateLimits = "rate_limits"
    /// Which challenges of security keys have been answered.
    case challenges
    /// Public keys of those who say who somebody is.
    case identityKeys = "identity_keys"
    /// Answers of the XML-RPC interface.
    case xmlrpc
    /// Results of costly queries.
    case queries
}

/// What a window holds.
public struct CacheWindow: Sendable, Hashable {
    /// Whether the event was counted.
    public let isAllowed: Bool
    /// How many more would be.
    public let remaining: Int
    /// When the oldest of those that fill the window leaves it, or, where there is room, when it will be empty; zero for an empty one.
    public let resetsAfter: Duration

    public init(isAllowed: Bool, remaining: Int, resetsAfter: Duration) {
        self.isAllowed = isAllowed
        self.remaining = remaining
        self.resetsAfter = resetsAfter
    }
}

/// Why a cache did not do what it was asked. Holds no key and no value.
public enum CacheError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It can not be reached, is too busy, or did not answer in time.
    case unavailable(String)
    /// It said no: it is full, or this user may not do it.
    case refused(String)
    /// The value is too large to be kept.
    case tooLarge(limit: Int)
    /// Another index has taken it.
    case takenByAnotherIndex(String)

    public var description: String {
        switch self {
        case .unavailable(let reason): "the cache is not available: \(reason)"
        case .refused(let reason): "the cache refused: \(reason)"
        case .tooLarge(let limit): "a cached value may have \(limit) bytes"
        case .takenByAnotherIndex(let place): "another index keeps its cache in \(place)"
        }
    }
}

extension CacheNamespace {
    /// The largest value of any namespace, in bytes.
    public static let valueLimit = 4 << 20
}
