// Responses of this process, ready to be sent, by what was asked for.

import Foundation
import Registry
import Synchronization

/// Keeps the responses of pages that are the same for everybody, up to a number of bytes.
///
/// A page is what a target names; its variants are its formats in their encodings, of which each is made when it is first asked for. What a commit makes stale
/// goes at once with all its variants (``drop(_:)``), and so do the answers being made from what was read before: they still go to those who
/// waited for them, but nobody else. The page that has not been asked for in longest makes room for new ones.
final class PageCache: Sendable {
    /// Which of a page's variants.
    struct Variant: Sendable, Hashable {
        /// The position among what `Accept` chooses from; 0 where there is no choice.
        let format: UInt8
        let coding: ContentCoding

        static let count = 4 * ContentCoding.allCases.count
        fileprivate var slot: Int { Int(format) * ContentCoding.allCases.count + Int(coding.rawValue) }
    }

    /// What a page's variants differ in.
    struct Variation: Sendable, Hashable {
        var byFormat: Bool
        var byCoding: Bool
    }

    /// How a request asks for a page, and what the page is made from.
    struct Key: Sendable {
        /// Path as it came, without a query.
        let target: String
        let variant: Variant
        let variation: Variation
        let tags: [CacheTag]
    }

    private struct Page {
        let target: [UInt8]
        let variation: Variation
        let tags: [CacheTag]
        var variants: [CachedResponse?]
        var cost: Int
        /// A page that says that there is nothing: such are counted apart, lest strangers fill the cache with them.
        let isNegative: Bool
        var wasUsed = false
        /// Which of the entries in the queue is this page's.
        let ticket: UInt64
    }

    /// An answer in the making.
    private struct Filling {
        let key: FillingKey
        let tags: [CacheTag]
        var isStale = false
        var waiters: [CheckedContinuation<Result<CachedResponse, any Error>, Never>] = []
    }

    private struct FillingKey: Hashable {
        let target: String
        let variant: Variant
    }

    private struct State {
        var pages: [UInt64: Page] = [:]
        var byTag: [CacheTag: Set<UInt64>] = [:]
        /// By ticket.
        var fillings: [UInt64: Filling] = [:]
        /// Those that others may still join.
        var joinable: [FillingKey: UInt64] = [:]
        var joinableByTag: [CacheTag: Set<UInt64>] = [:]
        /// Pages in the order of their last chance, each with its ticket; negative ones in a queue of their own.
        var queue = Queue()
        var negatives = Queue()
        var nextTicket: UInt64 = 0
        var cost = 0
        /// What of it negative pages cost.
        var negativeCost = 0
        var counts = Counts()
    }

    /// How the cache has fared since the start.
    struct Counts: Sendable {
        var hits: UInt64 = 0
        var misses: UInt64 = 0
        var evictions: UInt64 = 0
        var drops: UInt64 = 0
        var pages = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    /// In bytes.
    private let limit: Int
    private let negativeLimit: Int
    /// In bytes: names that strangers make up may be long.
    private var negativeShare: Int { limit / 8 }

    /// - Parameters:
    ///   - limit: the most bytes to keep.
    ///   - negativeLimit: the most pages to keep that say that there is nothing; they may take an eighth of the bytes.
    init(limit: Int, negativeLimit: Int = 10_000) {
        self.limit = limit
        self.negativeLimit = negativeLimit
    }

    var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.pages = state.pages.count
            counts.bytes = state.cost
            return counts
        }
    }

    // MARK: Finding

    /// Seeded anew in each process: nobody outside can make targets that collide.
    private static func hash(_ target: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: target)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The kept response to a request, told by its bytes.
    ///
    /// - Parameters:
    ///   - format: asked for only where the page has a choice.
    func find(_ target: UnsafeRawBufferPointer, format: () -> UInt8, coding: () -> ContentCoding) -> CachedResponse? {
        let hash = Self.hash(target)
        return state.withLock { state in
            guard let index = state.pages.index(forKey: hash) else { return nil }
            return Self.hit(&state, index, target, format, coding)
        }
    }

    private static func hit(
        _ state: inout State,
        _ index: Dictionary<UInt64, Page>.Index,
        _ target: UnsafeRawBufferPointer,
        _ format: () -> UInt8,
        _ coding: () -> ContentCoding
    ) -> CachedResponse? {
        let variation = state.pages.values[index].variation
        guard state.pages.values[index].target.withUnsafeBytes({ isSame($0, target) }) else { return nil }
        let variant = Variant(format: variation.byFormat ? format() : 0, coding: variation.byCoding ? coding() : .identity)
        guard let response = state.pages.values[index].variants[variant.slot] else { return nil }
        if !state.pages.values[index].wasUsed { state.pages.values[index].wasUsed = true }
        state.counts.hits &+= 1
        return response
    }

    /// The kept response to a request.
    func find(_ key: Key) -> CachedResponse? {
        var target = key.target
        return target.withUTF8 { find(UnsafeRawBufferPointer($0), format: { key.variant.format }, coding: { key.variant.coding }) }
    }

    private static func isSame(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count, let first = one.baseAddress, let second = other.baseAddress else { return one.isEmpty && other.isEmpty }
        return memcmp(first, second, one.count) == 0
    }

    // MARK: Filling

    /// Keeps a response that was made outside ``response(for:make:)``: one that can not become stale, so that nobody has to know that it is being made.
    ///
    /// - Parameter key: without tags.
    func keep(_ response: CachedResponse, for key: Key) {
        precondition(key.tags.isEmpty)
        state.withLock { state in
            state.counts.misses &+= 1
            _ = keep(response, key, in: &state)
        }
    }

    /// The response to a request: the kept one, or what `make` makes of it, once for all who ask meanwhile.
    ///
    /// - Throws: what `make` throws, to everybody who waited for it.
    func response(for key: Key, make: () async throws -> CachedResponse) async throws -> CachedResponse {
        while true {
            switch begin(key) {
            case .found(let response):
                return response
            case .wait(let ticket):
                if let response = try await wait(for: ticket) { return response }
            case .fill(let ticket):
                let result: Result<CachedResponse, any Error>
                do { result = .success(try await make()) } catch { result = .failure(error) }
                if let response = try end(ticket, key, result) { return response }
            }
        }
    }

    private enum Step {
        case found(CachedResponse)
        case wait(UInt64)
        case fill(UInt64)
    }

    private func begin(_ key: Key) -> Step {
        var target = key.target
        return target.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            let hash = Self.hash(bytes)
            return state.withLock { state -> Step in
                if let index = state.pages.index(forKey: hash),
                    let response = Self.hit(&state, index, bytes, { key.variant.format }, { key.variant.coding })
                {
                    return .found(response)
                }
                let fillingKey = FillingKey(target: key.target, variant: key.variant)
                if let ticket = state.joinable[fillingKey] { return .wait(ticket) }
                state.counts.misses &+= 1
                state.nextTicket += 1
                let ticket = state.nextTicket
                state.fillings[ticket] = Filling(key: fillingKey, tags: key.tags)
                state.joinable[fillingKey] = ticket
                for tag in key.tags { state.joinableByTag[tag, default: []].insert(ticket) }
                return .fill(ticket)
            }
        }
    }

    /// - Returns: `nil` when there is nothing to wait for any more, or the maker was cancelled: then somebody else has to.
    private func wait(for ticket: UInt64) async throws -> CachedResponse? {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<CachedResponse, any Error>, Never>) in
            let isOver = state.withLock { state in
                guard state.fillings[ticket] != nil else { return true }
                state.fillings[ticket]?.waiters.append(continuation)
                return false
            }
            if isOver { continuation.resume(returning: .failure(CancellationError())) }
        }
        if case .failure(let error) = result, error is CancellationError { return nil }
        return try result.get()
    }

    /// Keeps what was made, unless it became stale while it was, and gives it to all who wait.
    ///
    /// - Returns: `nil` when a newer page was kept meanwhile: nobody who has seen that one may see this one.
    private func end(_ ticket: UInt64, _ key: Key, _ result: Result<CachedResponse, any Error>) throws -> CachedResponse? {
        let (waiters, isOutdated) = state.withLock { state in
            guard let filling = state.fillings.removeValue(forKey: ticket) else { preconditionFailure("an answer was ended twice") }
            if !filling.isStale { Self.stopJoining(ticket, filling, in: &state) }
            var isOutdated = false
            if case .success(let response) = result, !filling.isStale { isOutdated = !keep(response, key, in: &state) }
            return (filling.waiters, isOutdated)
        }
        for waiter in waiters { waiter.resume(returning: isOutdated ? .failure(CancellationError()) : result) }
        return isOutdated ? nil : try result.get()
    }

    private static func stopJoining(_ ticket: UInt64, _ filling: Filling, in state: inout State) {
        state.joinable[filling.key] = nil
        for tag in filling.tags {
            state.joinableByTag[tag]?.remove(ticket)
            if state.joinableByTag[tag]?.isEmpty == true { state.joinableByTag[tag] = nil }
        }
    }

    /// - Returns: `false` when the page that is kept shows a later serial.
    private func keep(_ response: CachedResponse, _ key: Key, in state: inout State) -> Bool {
        let cost = response.cost
        // One page never pushes all others out.
        guard cost <= limit / 2 else { return true }
        let target = Array(key.target.utf8)
        let hash = target.withUnsafeBytes(Self.hash)
        let isNegative = response.status != 200
        if let page = state.pages[hash] {
            let serial = page.variants.lazy.compactMap { $0?.lastSerial }.first
            if let serial, let new = response.lastSerial, new < serial { return false }
            // Another target with the same hash, another answer, or an older state.
            if page.target != target || page.isNegative != isNegative || serial != response.lastSerial { Self.remove(hash, from: &state) }
        }
        if state.pages[hash] == nil {
            state.nextTicket += 1
            let page = Page(
                target: target,
                variation: key.variation,
                tags: key.tags,
                variants: Array(repeating: nil, count: Variant.count),
                cost: target.count + 512,
                isNegative: isNegative,
                ticket: state.nextTicket
            )
            state.pages[hash] = page
            state.cost += page.cost
            if isNegative { state.negativeCost += page.cost }
            for tag in key.tags { state.byTag[tag, default: []].insert(hash) }
            if isNegative { state.negatives.append(hash, page.ticket) } else { state.queue.append(hash, page.ticket) }
        }
        state.pages[hash]?.variants[key.variant.slot] = response
        state.pages[hash]?.cost += cost
        state.cost += cost
        if isNegative { state.negativeCost += cost }
        makeRoom(in: &state)
        return true
    }

    private static func remove(_ hash: UInt64, from state: inout State) {
        guard let page = state.pages.removeValue(forKey: hash) else { return }
        state.cost -= page.cost
        if page.isNegative { state.negativeCost -= page.cost }
        for tag in page.tags {
            state.byTag[tag]?.remove(hash)
            if state.byTag[tag]?.isEmpty == true { state.byTag[tag] = nil }
        }
    }

    private func makeRoom(in state: inout State) {
        while state.negatives.count > negativeLimit || state.negativeCost > negativeShare, let entry = state.negatives.popFirst() {
            if state.pages[entry.hash]?.ticket == entry.ticket { Self.remove(entry.hash, from: &state) }
        }
        while state.cost > limit, let entry = state.queue.popFirst() ?? state.negatives.popFirst() {
            guard let page = state.pages[entry.hash], page.ticket == entry.ticket else { continue }
            if page.wasUsed, !page.isNegative {
                state.pages[entry.hash]?.wasUsed = false
                state.queue.append(entry.hash, entry.ticket)
            } else {
                Self.remove(entry.hash, from: &state)
                state.counts.evictions &+= 1
            }
        }
        // Pages that were dropped leave their entries behind.
        if state.queue.count > 2 * state.pages.count + 1024 {
            state.queue.removeAll { entry in state.pages[entry.hash]?.ticket != entry.ticket }
        }
    }

    // MARK: Dropping

    /// Drops what a change made stale, and lets nobody else join the answers that are being made of it.
    func drop(_ change: PageCaches.Change) {
        state.withLock { state in
            var pages: Set<UInt64> = []
            var tickets: Set<UInt64> = []
            switch change {
            case .tags(let tags):
                for tag in tags {
                    pages.formUnion(state.byTag[tag] ?? [])
                    tickets.formUnion(state.joinableByTag[tag] ?? [])
                }
            case .everything:
                // What has no tag can not become stale.
                pages = state.byTag.values.reduce(into: []) { $0.formUnion($1) }
                tickets = state.joinableByTag.values.reduce(into: []) { $0.formUnion($1) }
            }
            for hash in pages { Self.remove(hash, from: &state) }
            for ticket in tickets {
                guard let filling = state.fillings[ticket] else { continue }
                state.fillings[ticket]?.isStale = true
                Self.stopJoining(ticket, filling, in: &state)
            }
            state.counts.drops &+= UInt64(pages.count)
        }
    }

    /// A first-in, first-out queue of pages.
    private struct Queue {
        struct Entry {
            let hash: UInt64
            let ticket: UInt64
        }

        private var entries: [Entry] = []
        private var head = 0

        var count: Int { entries.count - head }

        mutating func append(_ hash: UInt64, _ ticket: UInt64) { entries.append(Entry(hash: hash, ticket: ticket)) }

        mutating func popFirst() -> Entry? {
            guard head < entries.count else { return nil }
            defer {
                head += 1
                if head > 1024, head * 2 > entries.count {
                    entries.removeFirst(head)
                    head = 0
                }
            }
            return entries[head]
        }

        mutating func removeAll(where isGone: (Entry) -> Bool) {
            entries = entries[head...].filter { !isGone($0) }
            head = 0
        }
    }
}
