// Summaries of what others made.

import Foundation
import Testing

@testable import Distributions

@Suite struct RealContentsTests {
    @Test func `every distribution of others that is accepted has a summary, and all its members can be shown`() async throws {
        let folder = try await RealDistributionsTests.fetched()
        var names: [String: DistributionContents] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where RealDistributionsTests.refused[name] == nil {
            let path = "\(folder)/\(name)"
            let contents =
                try name.hasSuffix(".whl")
                ? DistributionContents(wheelAt: path, filename: name) : DistributionContents(sourceDistributionAt: path, filename: name)
            names[name] = contents
            #expect(try DistributionContents(encoded: contents.encoded()) == contents, "\(name)")
            #expect(ContentsDifference(from: contents, to: contents).isEmpty, "\(name)")
            #expect(contents.members.allSatisfy { !$0.marks.contains(.unreadable) && !$0.marks.contains(.unsafePath) }, "\(name)")
            #expect(contents.members.allSatisfy { contents.format == .sourceDistribution || $0.marks.isEmpty }, "\(name)")
            let reader = try MemberReader(ArchiveSource(path: path))
            for member in contents.members {
                let shown = try #require(try reader.content(of: member.path), "\(name) \(member.path)")
                #expect(shown.size == member.size, "\(name) \(member.path)")
                guard case .text(let text) = shown.form else {
                    #expect(member.kind != .python || !member.path.hasSuffix(".py"), "\(name) \(member.path)")
                    continue
                }
                // Of plain text the lines have all bytes but their ends.
                let bytes = text.lines.reduce(0) { $0 + $1.utf8.count }
                let ends = text.lines.count - (text.endsWithNewline ? 0 : 1)
                if text.encoding == .utf8, !text.hasHiddenCharacters { #expect(bytes + ends <= member.size && bytes + 2 * ends >= member.size) }
            }
        }
        #expect(names.count >= 13)
        let twine = try #require(names["twine-7.0.0.tar.gz"])
        #expect(twine.importNames == ["twine"])
        #expect(twine.name == "twine")
        #expect(twine.members.contains { $0.kind == .license })
        #expect(twine.requirements.contains { $0.hasPrefix("requests") })
        #expect(names.values.contains { $0.format == .wheel && $0.generator?.contains("wheel") == true && !$0.tags.isEmpty })
    }
}
