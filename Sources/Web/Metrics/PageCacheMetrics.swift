// What the cache of finished pages is worth.

import Synchronization

/// Counts of the cache that answers index pages from memory; whoever looks there counts here.
package final class PageCacheMetrics: Sendable {
    private let hits = Atomic<Int>(0)
    private let misses = Atomic<Int>(0)
    private let evictions = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    package init() {}

    /// A page lay in memory.
    package func countHit() { hits.wrappingAdd(1, ordering: .relaxed) }

    /// A page had to be built.
    package func countMiss() { misses.wrappingAdd(1, ordering: .relaxed) }

    /// Pages were dropped to make room.
    package func countEvictions(_ count: Int = 1) { evictions.wrappingAdd(count, ordering: .relaxed) }

    /// How many bytes the pages take now.
    package func setBytes(_ count: Int) { bytes.store(count, ordering: .relaxed) }

    func write(to text: inout MetricsText) {
        for (name, help, counter) in [
            ("emporium_page_cache_hits_total", "Pages that were answered from memory.", hits.load(ordering: .relaxed)),
            ("emporium_page_cache_misses_total", "Pages that had to be built.", misses.load(ordering: .relaxed)),
            ("emporium_page_cache_evictions_total", "Pages that were dropped to make room.", evictions.load(ordering: .relaxed)),
        ] {
            text.only(name, .counter, help, Double(counter))
        }
        text.only("emporium_page_cache_bytes", .gauge, "Memory that finished pages take.", Double(bytes.load(ordering: .relaxed)))
    }
}
