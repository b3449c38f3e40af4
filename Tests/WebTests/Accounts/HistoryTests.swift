// What happened to an account (platform §1.17).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct HistoryTests {
    @Test func `ninety days of history are shown in pages, and no page number breaks them`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            let now = site.test.clock.clock.now()
            for number in 0..<60 {
                try await site.sql(
                    """
                    INSERT INTO events (subject_kind, subject_id, tag, details, address, happened_at)
                    SELECT 'user', id, 'account:password:change', '{}', \("192.0.2.\(number)"), \(now - Int64(number) * 1_000_000) FROM users WHERE username = 'alice'
                    """
                )
            }
            try await site.sql(
                "INSERT INTO events (subject_kind, subject_id, tag, details, address, happened_at) SELECT 'user', id, 'account:create', '{}', '203.0.113.9', 1 FROM users"
            )
            func rows(_ path: String) async throws -> (count: Int, text: String) {
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                return (page.text.matches(of: /<tr><td>/).count, page.text)
            }
            let first = try await rows("/manage/account/history/")
            #expect(first.count == 25 && first.text.contains("Page 1 of 3") && first.text.contains("?page=2") && !first.text.contains("rel=\"prev\""))
            let last = try await rows("/manage/account/history/?page=3")
            #expect((1...25).contains(last.count) && last.text.contains("rel=\"prev\"") && !last.text.contains("rel=\"next\""))
            // Older than 90 days.
            #expect(!last.text.contains("203.0.113.9"))
            for page in ["0", "-1", "x", "1e3", "999999999", "99999999999999999999", "%00", "2;DROP", ""] {
                _ = try await rows("/manage/account/history/?page=\(page)")
            }
            #expect(try await rows("/manage/account/history/?page=50").text.contains("Nothing on this page"))
        }
    }
}
