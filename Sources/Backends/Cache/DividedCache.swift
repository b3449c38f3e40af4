/// Some namespaces in caches of their own, all else in one.
public struct DividedCache: Cache {
    private let rest: any Cache
    private let parts: [CacheNamespace: any Cache]

    /// - Parameter rest: for every other namespace, and for messages.
    public init(_ rest: any Cache, parts: [CacheNamespace: any Cache]) {
        self.rest = rest
        self.parts = parts
    }

    public var isShared: Bool { rest.isShared }

    public func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]? {
        try await part(namespace).get(key, in: namespace)
    }

    public func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError) {
        try await part(namespace).set(key, in: namespace, to: value, for: lifetime)
    }

    public func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool {
        try await part(namespace).replace(key, in: namespace, with: value, for: lifetime)
    }

    public func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError) {
        try await part(namespace).delete(key, in: namespace)
    }

    public func increment(
        _ key: String,
        in namespace: CacheNamespace,
        limit: Int,
        window: Duration
    ) async throws(CacheError) -> CacheWindow {
        try await part(namespace).increment(key, in: namespace, limit: limit, window: window)
    }

    public func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError) {
        try await part(namespace).giveBack(key, in: namespace)
    }

    public func publish(_ message: [UInt8], on channel: String) { rest.publish(message, on: channel) }
    public func messages(on channel: String) -> AsyncStream<[UInt8]> { rest.messages(on: channel) }

    private func part(_ namespace: CacheNamespace) -> any Cache { parts[namespace] ?? rest }
}
