// Every known trick, published over HTTP: what must be refused is, with its reason, and leaves nothing behind (index §2.13 to §2.15).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct HostileDistributionsTests {
    /// A line of `Tests/Fixtures/hostile/verdicts.tsv`: a trick, the status it deserves, and words that the refusal must contain.
    struct Verdict {
        let trick: String
        let status: Int
        let reason: String
    }

    static let verdicts: [Verdict] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/hostile/verdicts.tsv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count >= 2, let status = Int(fields[1]) else { return nil }
            return Verdict(trick: String(fields[0]), status: status, reason: fields.count > 2 ? String(fields[2]) : "")
        }
    }()

    @Test func `every trick has one verdict, and every verdict its trick`() {
        let tricks = HostileDistributions.all.map(\.trick)
        #expect(Set(tricks).count == tricks.count)
        #expect(tricks.sorted() == Self.verdicts.map(\.trick).sorted())
        // A refusal without a reason to look for proves little.
        #expect(Self.verdicts.allSatisfy { ($0.status == 200) == $0.reason.isEmpty })
        #expect(Self.verdicts.count { $0.status == 400 } > 300)
    }

    // index §2.1: the reason is in the status line and in the body.
    @Test func `every bad distribution is refused for its own reason and leaves nothing behind`() async throws {
        let verdicts = Dictionary(Self.verdicts.map { ($0.trick, $0) }) { one, _ in one }
        try await Site.run { site in
            for distribution in HostileDistributions.all {
                guard let verdict = verdicts[distribution.trick], verdict.status != 200 else { continue }
                let answer = try await site.client.upload(UploadBuilder(distribution), authorization: site.bearer, accept: "text/plain")
                #expect(answer.status == verdict.status, "\(verdict.trick): \(answer.statusLine)")
                #expect(answer.reason.contains(verdict.reason), "\(verdict.trick): \(answer.reason)")
                #expect(answer.text.contains(verdict.reason), "\(verdict.trick): \(answer.text)")
            }
            try await site.checkUntouched()
        }
    }

    @Test func `an odd but good distribution is published`() async throws {
        let verdicts = Dictionary(Self.verdicts.map { ($0.trick, $0) }) { one, _ in one }
        var settings = IndexSettings()
        settings.limitsNewProjects = false
        try await Site.run(settings) { site in
            for distribution in HostileDistributions.all where verdicts[distribution.trick]?.status == 200 {
                let answer = try await site.client.upload(UploadBuilder(distribution), authorization: site.bearer)
                #expect(answer.status == 200, "\(distribution.trick): \(answer.statusLine)")
                #expect(try await site.fileCount() == 1, "\(distribution.trick)")
                // The next one has the same name.
                try await site.sql("DELETE FROM projects")
                try await site.sql("DELETE FROM filenames")
                for path in try await site.test.storage.list() { _ = try await site.test.storage.delete(path) }
            }
        }
    }
}

extension UploadBuilder {
    /// The upload of a hostile distribution, as its author would send it.
    fileprivate init(_ distribution: HostileDistribution) {
        self.init("demo", "1.0", file: (distribution.filename, distribution.bytes))
        let changed = Set(distribution.fields.map(\.0))
        fields.removeAll { changed.contains($0.name) }
        fields += distribution.fields.map { (name: $0.0, value: $0.1) }
    }
}
