// What somebody might try to publish may also lie in storage: it must be summarised and shown, or refused, and harm nobody.

import Distributions
import Foundation
import TestSupport
import Testing

@Suite struct HostileContentsTests {
    @Test func `every hostile distribution has a harmless summary or none, and its members can be asked for`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emporium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var summaries = 0
        for (index, hostile) in HostileDistributions.all.enumerated() {
            // Their names are hostile, too.
            let path = folder.appending(path: "\(index)").path
            try Data(hostile.bytes).write(to: URL(fileURLWithPath: path))
            let isWheel = hostile.filename.hasSuffix(".whl")
            let made =
                isWheel
                ? try? DistributionContents(wheelAt: path, filename: hostile.filename)
                : try? DistributionContents(sourceDistributionAt: path, filename: hostile.filename)
            guard let contents = made else { continue }
            summaries += 1
            #expect(try DistributionContents(encoded: contents.encoded()) == contents, "\(hostile)")
            #expect(ContentsDifference(from: contents, to: contents).isEmpty, "\(hostile)")
            let reader = try MemberReader(ArchiveSource(path: path))
            for member in contents.members.prefix(10) {
                let scalars = member.path.unicodeScalars
                #expect(!scalars.contains { [.control, .format, .lineSeparator].contains($0.properties.generalCategory) }, "\(hostile)")
                let shown = try? reader.content(of: member.path)
                #expect(shown != nil || member.marks.contains(.unreadable), "\(hostile): \(member.path)")
            }
        }
        #expect(summaries > HostileDistributions.all.count / 3)
    }
}
