// What the cache of finished pages is worth.

extension PageCache.Counts {
    func write(to text: inout MetricsText) {
        for (name, help, count) in [
            ("emporium_page_cache_hits_total", "Pages that were answered from memory.", hits),
            ("emporium_page_cache_misses_total", "Pages that had to be built.", misses),
            ("emporium_page_cache_evictions_total", "Pages that were dropped to make room.", evictions),
            ("emporium_page_cache_drops_total", "Pages that were dropped because something changed.", drops),
        ] {
            text.only(name, .counter, help, Double(count))
        }
        text.only("emporium_page_cache_pages", .gauge, "Finished pages in memory.", Double(pages))
        text.only("emporium_page_cache_bytes", .gauge, "Memory that finished pages take.", Double(bytes))
    }
}
