// What one process publishes, the others show.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(5))) struct CommonTruthTests {
    /// Every form in which a page is kept.
    private static let forms = ["text/html", "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+json"].flatMap { accept in
        ["identity", "gzip", "zstd"].map { (accept: accept, encoding: $0) }
    }

    @Test func `what is published through one process is shown by the other at once, in every form, where there was nothing before too`() async throws
    {
        try await SharedSite.run { site in
            let (one, publisher) = try await site.start()
            let (two, reader) = try await site.start()
            // Jobs are somebody else's as well.
            let worker = try await site.work()
            func ask(_ target: String) async throws -> [RawResponse] {
                var answers: [RawResponse] = []
                for form in Self.forms { answers.append(try await reader.get(target, ["Accept": form.accept, "Accept-Encoding": form.encoding])) }
                return answers
            }
            func publish(_ upload: UploadBuilder) async throws {
                #expect(try await publisher.upload(upload, authorization: site.authorization).status == 200)
            }
            var longest = Duration.zero
            /// Waits until the reader's process answers otherwise than before in every form.
            func waitForChange(of targets: [String], _ change: () async throws -> Void) async throws {
                // Twice: the second time each is kept.
                var before: [[[UInt8]]] = []
                for target in targets + targets { before.append(try await ask(target).map { $0.body + Array($0.statusLine.utf8) }) }
                try await change()
                let start = ContinuousClock.now
                for (number, target) in targets.enumerated() {
                    try await waitUntil("\(target) changes") {
                        let now = try await ask(target).map { $0.body + Array($0.statusLine.utf8) }
                        return zip(before[number], now).allSatisfy { $0 != $1 }
                    }
                }
                longest = max(longest, ContinuousClock.now - start)
            }
            try await waitForChange(of: ["/simple/demo/"]) {
                try await publish(.wheel("demo", "1.0"))
            }
            let shown = try await ask("/simple/demo/")
            #expect(shown.allSatisfy { $0.status == 200 })
            for version in 1..<6 {
                try await waitForChange(of: ["/simple/demo/", "/simple/"]) {
                    try await publish(.wheel("demo", "1.\(version)"))
                    try await publish(.wheel("other-\(version)", "1.0"))
                }
            }
            let page = try await reader.get("/simple/demo/", ["Accept": "application/vnd.pypi.simple.v1+json"]).text
            let path = try #require(page.split(separator: "\"").first { $0.contains("/packages/") && $0.hasSuffix("demo-1.5-py3-none-any.whl") })
            let file = try #require(path.range(of: "/packages/").map { String(path[$0.lowerBound...]) })
            #expect(try await reader.get(file).body == UploadBuilder.wheel("demo", "1.5").bytes)
            #expect(try await reader.get(file + ".metadata").text.contains("Name: demo"))
            print("common truth on \(TestEngine.current): the slowest change was seen everywhere after \(longest)")
            for program in [one, two, worker] {
                program.signal(SIGTERM)
                #expect(try await program.result().status == 0)
            }
        }
    }
}
