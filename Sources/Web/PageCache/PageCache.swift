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
        /// The position among what `Accept` chooses from, or among the languages; 0 where there is no choice.
        let format: UInt8
        let coding: ContentCoding

        static let count = 4 * ContentCoding.allCases.count
        var slot: Int { Int(format) * ContentCoding.allCases.count + Int(coding.rawValue) }
    }

    /// What a page's variants differ in.
    struct Variation: Sendable, Hashable {
        /// What their format is chosen by.
        enum Choice: Sendable, Hashable { case nothing, accept, language }

        var by: Choice
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

    struct Page {
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

        init(_ key: Key, isNegative: Bool, ticket: UInt64) {
            target = Array(key.target.utf8)
            variation = key.variation
            tags = key.tags
            variants = Array(repeating: nil, count: Variant.count)
            cost = target.count + 512
            self.isNegative = isNegative
            self.ticket = ticket
        }

        mutating func use(
            _ target: UnsafeRawBufferPointer,
            _ format: () -> UInt8,
            _ language: () -> UInt8?,
            _ coding: () -> ContentCoding
        ) -> CachedResponse? {
            guard self.target.isSame(as: target) else { return nil }
            var number: UInt8 = 0
            switch variation.by {
            case .nothing: break
            case .accept: number = format()
            case .language:
                guard let language = language() else { return nil }
                number = language
            }
            let variant = Variant(format: number, coding: variation.byCoding ? coding() : .identity)
            guard let response = variants[variant.slot] else { return nil }
            wasUsed = true
            return response
        }
    }

    /// An answer in the making.
    struct Filling {
        let key: FillingKey
        let tags: [CacheTag]
        var isStale = false
        var waiters: [CheckedContinuation<Result<CachedResponse, any Error>, Never>] = []
    }

    struct FillingKey: Hashable {
        let target: String
        let variant: Variant
    }

    struct State {
        var pages: [UInt64: Page] = [:]
        var byTag: [CacheTag: Set<UInt64>] = [:]
        /// By ticket.
        var fillings: [UInt64: Filling] = [:]
        /// Those that others may still join.
        var joinable: [FillingKey: UInt64] = [:]
        var joinableByTag: [CacheTag: Set<UInt64>] = [:]
        /// Pages in the order of their last chance, each with its ticket; negative ones in a queue of their own.
        var queue = PageQueue()
        var negatives = PageQueue()
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

    let state = Mutex(State())
    /// In bytes.
    let limit: Int
    let negativeLimit: Int
    /// In bytes: names that strangers make up may be long.
    var negativeShare: Int { limit / 8 }

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
    static func hash(_ target: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: target)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The kept response to a request, told by its bytes.
    ///
    /// - Parameters:
    ///   - format: asked for only where the page has a choice.
    ///   - language: the same; `nil` where the bytes do not tell.
    func find(
        _ target: UnsafeRawBufferPointer,
        format: () -> UInt8,
        language: () -> UInt8?,
        coding: () -> ContentCoding
    ) -> CachedResponse? {
        let hash = Self.hash(target)
        return state.withLock { state in
            guard let index = state.pages.index(forKey: hash) else { return nil }
            return Self.hit(&state, index, target, format, language, coding)
        }
    }

    static func hit(
        _ state: inout State,
        _ index: Dictionary<UInt64, Page>.Index,
        _ target: UnsafeRawBufferPointer,
        _ format: () -> UInt8,
        _ language: () -> UInt8?,
        _ coding: () -> ContentCoding
    ) -> CachedResponse? {
        // In its place: a copy would count references to all that a page holds.
        let response = state.pages.values[index].use(target, format, language, coding)
        if response != nil { state.counts.hits &+= 1 }
        return response
    }

    /// The kept response to a request.
    func find(_ key: Key) -> CachedResponse? {
        var target = key.target
        let (format, coding) = (key.variant.format, key.variant.coding)
        return target.withUTF8 { find(UnsafeRawBufferPointer($0), format: { format }, language: { format }, coding: { coding }) }
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
}
