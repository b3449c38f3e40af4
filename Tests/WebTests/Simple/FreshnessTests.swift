// Nobody sees an old page once a publish was answered.

import Backends
import Registry
import SQLDatabase
import Synchronization
import TestSupport
import Testing

struct FreshnessTests {
    private final class Progress: Sendable {
        let published = Mutex(0)
        let isDone = Mutex(false)
    }

    // index §1.3, design: truth before speed
    @Test(.timeLimit(.minutes(2))) func `whoever asks after a publish was answered sees it, however many ask meanwhile`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "0"))
            let progress = Progress()
            let versions = 12
            try await withThrowingTaskGroup(of: Int.self) { group in
                for reader in 0..<4 {
                    group.addTask {
                        var pages = 0
                        while !progress.isDone.withLock({ $0 }) {
                            let least = progress.published.withLock { $0 }
                            let accept = reader.isMultiple(of: 2) ? "text/html" : v1JSON
                            let encoding = reader < 2 ? "identity" : "identity;q=0.5"
                            let page = try await site.client.get("/simple/demo/", ["Accept": accept, "Accept-Encoding": encoding])
                            #expect(page.text.contains("demo-\(least)-py3-none-any.whl"), "the page misses version \(least)")
                            #expect((page["X-PyPI-Last-Serial"].flatMap { Int($0) } ?? 0) >= 4 + 2 * least)
                            let list = try await site.client.get("/simple/")
                            #expect((list["X-PyPI-Last-Serial"].flatMap { Int($0) } ?? 0) >= 4 + 2 * least)
                            pages += 1
                        }
                        return pages
                    }
                }
                for version in 1...versions {
                    try await site.publish(.wheel("demo", "\(version)"))
                    progress.published.withLock { $0 = version }
                }
                progress.isDone.withLock { $0 = true }
                for try await pages in group { #expect(pages > 0) }
            }
        }
    }
}
