// Which of the three formats a client gets (index §1.2, rows 4 and 5 of its table included).

import Backends
import SQLDatabase
import TestSupport
import Testing

struct NegotiationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let accept: [String]
        let type: String
        var testDescription: String { "\(accept)" }

        init(_ accept: String..., gets type: String) {
            self.accept = accept
            self.type = type
        }
    }

    static let html = "text/html; charset=UTF-8"

    /// index §1.2, with the type of the answer as the reference sends it.
    static let rows: [Row] = [
        Row(gets: html),
        Row("*/*", gets: html),
        Row("text/*", gets: html),
        Row("text/html, \(v1HTML), \(v1JSON)", gets: html),
        Row("\(v1JSON), \(v1HTML), text/html", gets: html),
        Row("application/*", gets: v1HTML),
        Row("text/html;q=0, */*", gets: v1HTML),
        Row("text/html;q=0, */*;q=0.5, \(v1HTML);q=0", gets: v1JSON),
        // pip's and uv's lists
        Row("\(v1JSON), \(v1HTML); q=0.1, text/html; q=0.01", gets: v1JSON),
        Row("\(v1JSON), \(v1HTML);q=0.2, text/html;q=0.01", gets: v1JSON),
        Row("*/*;q=0.1, \(v1JSON)", gets: v1JSON),
        Row(v1HTML, gets: v1HTML),
        Row(v1JSON, gets: v1JSON),
        Row("APPLICATION/VND.PyPI.Simple.V1+JSON", gets: v1JSON),
        Row("\(v1JSON) ; Q=0.5 , text/html ; q=0.4", gets: v1JSON),
        Row("\(v1JSON);q=0.001", gets: v1JSON),
        // The most specific range counts, wherever it stands.
        Row("application/*;q=1, \(v1HTML);q=0.1, \(v1JSON);q=0.2", gets: v1JSON),
        Row("*/*, \(v1JSON);q=0", gets: html),
        // Several header lines are one list.
        Row("text/html;q=0.1", v1JSON, gets: v1JSON),
        Row("text/html;q=0", "application/*", gets: v1HTML),
        // A range with parameters matches no offer without them.
        Row("\(v1JSON);version=1", gets: html),
        Row("\(v1JSON);version=1, \(v1HTML)", gets: v1HTML),
        Row("text/x;note=\"a, b;c\", \(v1JSON)", gets: v1JSON),
        // Nothing that there is: never 406.
        Row("text/plain", gets: html),
        Row("application/json", gets: html),
        Row("application/vnd.pypi.simple.latest+json", gets: html),
        Row("application/vnd.pypi.simple.v2+json", gets: html),
        Row("\(v1JSON);q=0", gets: html),
        Row("", gets: html),
        Row(",", gets: html),
        // Unparsable.
        Row("json", gets: html),
        Row("\(v1JSON), /", gets: html),
        Row("\(v1JSON);q=high", gets: html),
        Row("\(v1JSON);q=2", gets: html),
        Row("\(v1JSON);q=0.1234", gets: html),
        Row("*/html", gets: html),
    ]

    // index §1.2
    @Test func `every row of the negotiation table holds for the index and for a project`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            for row in Self.rows {
                for target in ["/simple/", "/simple/demo/"] {
                    let lines = row.accept.map { "Accept: \($0)\r\n" }.joined()
                    let answer = try await site.client.exchange(Array("GET \(target) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n".utf8))[0]
                    #expect(answer.status == 200, "\(row.accept)")
                    #expect(answer["Content-Type"] == row.type, "\(row.accept) at \(target)")
                    #expect(answer["Vary"]?.contains("Accept") == true)
                    #expect((answer.text.first == "{") == (row.type == v1JSON), "\(row.accept)")
                }
            }
        }
    }

    // index §1.2: there is no query parameter for it.
    @Test func `a format in the query changes nothing`() async throws {
        try await Site.run { site in
            let answer = try await site.client.get("/simple/?format=\(v1JSON)")
            #expect(answer["Content-Type"] == Self.html)
        }
    }
}
