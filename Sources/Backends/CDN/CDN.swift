// What stands between the index and its readers, and keeps its pages.

/// A cache in front of the index that can forget all responses with a surrogate key (platform §8.2).
public protocol CDN: Sendable {
    /// Whether there is anything to purge.
    var isPresent: Bool { get }

    /// Marks every response with one of these keys as stale. Softly: a stale response may still be served while it is fetched anew, or while the index can not
    /// answer. When it returns, the CDN has said that it has done so for every key.
    ///
    /// - Throws: `CDNError`; some of the keys may have been purged then, and doing it again is always right.
    func purge(_ keys: [String]) async throws(CDNError)
}

/// A purge did not happen, or not for certain.
public struct CDNError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried and what came of it, without any secret.
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Readers reach the index directly, or through caches that know no keys.
public struct NoCDN: CDN {
    public init() {}

    public var isPresent: Bool { false }
    public func purge(_ keys: [String]) async throws(CDNError) {}
}
