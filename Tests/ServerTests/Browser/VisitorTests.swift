// The public pages as people meet them.

import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct VisitorTests {
    private struct Found: Decodable {
        let faults: [String]
        let seen: [String]
    }

    @Test func `a visitor reads every public page in light and dark, on desk and phone, by keyboard and without scripts`() async throws {
        try await FilledSite.run { site in
            try await CheeseShop.fill(site)
            let pages = String(decoding: try JSONEncoder().encode(CheeseShop.pages), as: UTF8.self)
            try await site.serveWithoutSearch { away in
                let found: Found = try await Chromium.visit("visitor.py", site.base, pages, "http://127.0.0.1:\(away.port)")
                #expect(found.faults == [])
                #expect(found.seen.count == CheeseShop.pages.count)
            }
        }
    }
}
