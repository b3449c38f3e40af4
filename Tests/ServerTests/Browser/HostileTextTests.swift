// Texts of people who mean harm, published for real and shown in a real browser.

import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct HostileTextTests {
    private struct Found: Decodable {
        let faults: [String]
        let shown: Int
    }

    /// A server of somebody else, which no page has any business with.
    private final class Stranger: Sendable {
        private let listener: LoopbackListener
        private let heard = Mutex<[String]>([])

        var port: Int { listener.port }
        /// The first line of each request.
        var requests: [String] { heard.withLock { $0 } }

        init() throws {
            listener = try LoopbackListener()
            listener.start { [weak self] connection in
                var patience = timeval(tv_sec: 1, tv_usec: 0)
                setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
                var buffer = [UInt8](repeating: 0, count: 2048)
                let count = recv(connection, &buffer, buffer.count, 0)
                let line = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).prefix { $0 != "\r\n" }
                self?.heard.withLock { $0.append(String(line)) }
                let answer = Array("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n".utf8)
                _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
                close(connection)
            }
        }
    }

    private static func vectors(_ name: String, _ stranger: Stranger) throws -> [String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8).replacing("OUTSIDE", with: "http://127.0.0.1:\(stranger.port)")
        return text.components(separatedBy: "\n----\n").map { $0.trimmingCharacters(in: .newlines) }
    }

    /// Where a browser should look: the pages of what was taken, and what each says of itself.
    private struct Shown: Encodable {
        var pages: [String: String] = [:]
        var refused = 0
    }

    private func publish(_ vectors: [String], as name: String, type: String, on site: FilledSite, _ describe: (String) -> String) async throws
        -> Shown
    {
        var shown = Shown()
        for (number, vector) in vectors.enumerated() {
            var release = FilledSite.Release(name: name, version: "1.\(number)", description: describe(vector), type: type)
            // Of one line, as a summary must be.
            let words = String(vector.replacing("\n", with: " ").replacing("\r", with: " ").prefix(400))
            release.headers = [("Summary", words), ("Author", words), ("Maintainer", words), ("Keywords", words), ("License", words)]
            if try await site.publish(release.wheel()) == "HTTP/1.1 200 OK" {
                shown.pages["/project/\(name)/1.\(number)/"] = words
            } else {
                shown.refused += 1
            }
        }
        return shown
    }

    @Test func `no text of a project runs, hides, leads astray or calls outside, also where the policy of the page would let it`() async throws {
        let stranger = try Stranger()
        let (markdown, rst) = (try Self.vectors("markdown-vectors.txt", stranger), try Self.vectors("rst-vectors.txt", stranger))
        #expect(markdown.count >= 60 && rst.count >= 20)
        try await FilledSite.run { site in
            // At the beginning, within a sentence, in a list and in a quotation.
            var shown = try await publish(markdown, as: "hostile-markdown", type: "text/markdown", on: site) {
                "\($0)\n\nIn \($0) a sentence.\n\n- \($0)\n\n> \($0)\n"
            }
            #expect(shown.refused <= 5)
            let restructured = try await publish(rst, as: "hostile-rst", type: "text/x-rst", on: site) { "Cheese\n\n\($0)\n\nbread\n" }
            // What reads files or writes HTML is refused as a whole.
            #expect(restructured.refused >= 3 && restructured.pages.count >= 15)
            let plain = try await publish(Array(markdown.prefix(10)), as: "hostile-plain", type: "text/plain", on: site) { $0 }
            #expect(plain.refused == 0)
            shown.pages.merge(restructured.pages) { $1 }
            shown.pages.merge(plain.pages) { $1 }
            try await publishMembers(markdown, on: site)
            try await publishLinks(stranger, on: site)
            try await site.test.runJobs()
            let pages = "\(site.test.folder)/pages.json"
            try JSONEncoder().encode(shown.pages).write(to: URL(fileURLWithPath: pages))
            let found: Found = try await Chromium.visit("hostile.py", site.base, pages, "http://127.0.0.1:\(stranger.port)")
            #expect(found.faults == [])
            #expect(found.shown == shown.pages.count)
            // The one that shows that it hears anything at all.
            #expect(stranger.requests == ["GET /control HTTP/1.1"])
        }
    }

    /// A wheel with members whose names and contents are hostile.
    private func publishMembers(_ vectors: [String], on site: FilledSite) async throws {
        var release = FilledSite.Release(name: "hostile-members", version: "1.0")
        release.members = vectors.enumerated().map { number, vector in
            // Nothing that makes the archive itself invalid.
            let name = vector.filter { !"/\\:\r\n\0".contains($0) }.prefix(60)
            return ("\(number)\(name).html", Array(vector.utf8))
        }
        release.members.append(("all.py", Array(vectors.joined(separator: "\n").utf8)))
        #expect(try await site.publish(release.sourceDistribution()) == "HTTP/1.1 200 OK")
        release.version = "1.1"
        release.members.append(("more.py", Array("<script>alert(1)</script>".utf8)))
        release.members[0].content += Array("<img src=x onerror=alert(1)>\n".utf8)
        #expect(try await site.publish(release.sourceDistribution()) == "HTTP/1.1 200 OK")
    }

    /// Releases with addresses that are no plain ones; whether they are taken is another matter.
    private func publishLinks(_ stranger: Stranger, on site: FilledSite) async throws {
        let addresses = [
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>",
            "vbscript:msgbox(1)", "https://example.org/\" onmouseover=\"alert(1)", "https://example.org/'><script>alert(1)</script>",
            "http://127.0.0.1:\(stranger.port)/\"><img src=x onerror=alert(1)>", "https:javascript:alert(1)", "//example.org/x", "http://",
            "https://example.org/\u{202E}gpj.exe", "file:///etc/passwd", "blob:https://example.org/1", "https://user:pass@example.org/",
        ]
        for (number, address) in addresses.enumerated() {
            var release = FilledSite.Release(name: "hostile-links", version: "1.\(number)")
            release.headers = [("Summary", "\(number)"), ("Project-URL", "<b onclick=alert(1)>x, \(address)"), ("Home-Page", address)]
            _ = try await site.publish(release.wheel())
        }
        #expect(try await site.client.get("/project/hostile-links/").status == 200)
    }
}
