import Synchronization

/// A cache of this process alone, which throws out what was not asked for the longest when it is full.
public final class MemoryCache: Cache {
    private struct Key: Hashable {
        let namespace: CacheNamespace
        let name: String
    }

    private enum Content {
        case value([UInt8])
        /// When each event was counted, oldest first.
        case window([Int64])
    }

    private struct Entry {
        var content: Content
        var expiresAt: Int64
        var bytes: Int
        /// Greater than that of everything used before.
        var usedAt: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
        var listeners: [String: [Int: AsyncStream<[UInt8]>.Continuation]] = [:]
        var nextListener = 0
    }

    /// What an entry takes besides its key and its content, about.
    private static let overhead = 160

    private let limit: Int
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many bytes all entries together may take, about.
    ///   - now: microseconds of a clock that never goes back; the process's own where none is given.
    public init(limit: Int = 64 << 20, now: (@Sendable () -> Int64)? = nil) {
        self.limit = limit
        let begin = ContinuousClock.now
        self.now = now ?? { Int64((ContinuousClock.now - begin) / .microseconds(1)) }
    }

    public var isShared: Bool { false }

    /// How many bytes are taken, about.
    public var bytes: Int { state.withLock { $0.bytes } }

    public func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]? {
        let now = now()
        return state.withLock { state in
            let key = Key(namespace: namespace, name: key)
            guard let entry = Self.living(key, now, &state), case .value(let value) = entry.content else { return nil }
            return value
        }
    }

    public func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError) {
        guard value.count <= min(CacheNamespace.valueLimit, limit / 2) else { throw .tooLarge(limit: min(CacheNamespace.valueLimit, limit / 2)) }
        let expiresAt = now() + max(1000, lifetime.microseconds)
        state.withLock { state in
            keep(.value(value), value.count, Key(namespace: namespace, name: key), expiresAt, &state)
        }
    }

    public func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool {
        guard value.count <= min(CacheNamespace.valueLimit, limit / 2) else { throw .tooLarge(limit: min(CacheNamespace.valueLimit, limit / 2)) }
        let now = now()
        return state.withLock { state in
            let key = Key(namespace: namespace, name: key)
            guard Self.living(key, now, &state) != nil else { return false }
            keep(.value(value), value.count, key, now + max(1000, lifetime.microseconds), &state)
            return true
        }
    }

    public func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError) {
        state.withLock { state in Self.remove(Key(namespace: namespace, name: key), &state) }
    }

    public func increment(
        _ key: String,
        in namespace: CacheNamespace,
        limit: Int,
        window: Duration
    ) async throws(CacheError) -> CacheWindow {
        guard limit > 0 else { return CacheWindow(isAllowed: false, remaining: 0, resetsAfter: .zero) }
        let now = now()
        let length = max(1000, window.microseconds)
        return state.withLock { state in
            let key = Key(namespace: namespace, name: key)
            var events: [Int64] = []
            if case .window(let kept) = Self.living(key, now, &state)?.content { events = kept.filter { $0 > now - length } }
            // A limit that was lowered holds for those that are there already.
            let isAllowed = events.count < limit
            if isAllowed {
                events.append(now)
                keep(.window(events), events.count * 8, key, now + length, &state)
            }
            let remaining = max(0, limit - events.count)
            let resetting = remaining > 0 ? events.last : events[events.count - limit]
            return CacheWindow(
                isAllowed: isAllowed,
                remaining: remaining,
                resetsAfter: resetting.map { .microseconds($0 + length - now) } ?? .zero
            )
        }
    }

    public func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError) {
        let now = now()
        state.withLock { state in
            let key = Key(namespace: namespace, name: key)
            guard let entry = Self.living(key, now, &state), case .window(var events) = entry.content, !events.isEmpty else { return }
            events.removeLast()
            if events.isEmpty { Self.remove(key, &state) } else { keep(.window(events), events.count * 8, key, entry.expiresAt, &state) }
        }
    }

    public func publish(_ message: [UInt8], on channel: String) {
        let listeners = state.withLock { $0.listeners[channel].map { Array($0.values) } ?? [] }
        for listener in listeners { listener.yield(message) }
    }

    public func messages(on channel: String) -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(256))
        let number = state.withLock { state in
            defer { state.nextListener += 1 }
            state.listeners[channel, default: [:]][state.nextListener] = continuation
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.listeners[channel]?[number] = nil
                if state.listeners[channel]?.isEmpty == true { state.listeners[channel] = nil }
            }
        }
        return stream
    }

    /// What is there and has not expired, as used now.
    private static func living(_ key: Key, _ now: Int64, _ state: inout State) -> Entry? {
        guard let entry = state.entries[key] else { return nil }
        guard entry.expiresAt > now else {
            remove(key, &state)
            return nil
        }
        state.uses += 1
        state.entries[key]?.usedAt = state.uses
        return entry
    }

    private static func remove(_ key: Key, _ state: inout State) {
        if let entry = state.entries.removeValue(forKey: key) { state.bytes -= entry.bytes }
    }

    private func keep(_ content: Content, _ bytes: Int, _ key: Key, _ expiresAt: Int64, _ state: inout State) {
        Self.remove(key, &state)
        state.uses += 1
        let entry = Entry(content: content, expiresAt: expiresAt, bytes: bytes + key.name.utf8.count + Self.overhead, usedAt: state.uses)
        state.entries[key] = entry
        state.bytes += entry.bytes
        if state.bytes > limit { makeRoom(&state) }
    }

    /// Throws out a good part at once, so that it is seldom done.
    private func makeRoom(_ state: inout State) {
        let now = now()
        for (key, entry) in state.entries where entry.expiresAt <= now { Self.remove(key, &state) }
        guard state.bytes > limit else { return }
        for (key, _) in state.entries.sorted(by: { $0.value.usedAt < $1.value.usedAt }) {
            guard state.bytes > limit / 4 * 3 else { break }
            Self.remove(key, &state)
        }
    }
}

extension Duration {
    /// Whole microseconds; as many as there can be for what is longer.
    var microseconds: Int64 {
        let (seconds, overflows) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflows ? .max / 4 : min(seconds, .max / 4) + components.attoseconds / 1_000_000_000_000
    }
}
