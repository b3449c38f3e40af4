import Backends
import Foundation
import Packaging
import Registry
import SQLDatabase
import TestSupport
import Testing

/// Rules that exist because strangers publish, or because a file would not be built like that today (B1).
@Suite struct `The rules of a team` {
    private static func sdist(_ name: String, filename: String) -> UploadBuilder { .sdist(name, "1.0").with(filename: filename) }

    /// A wheel whose file name and `.dist-info` are spelled as tools of old did.
    private static func wheel(_ name: String, spelled stem: String, tag: String = "py3-none-any") -> UploadBuilder {
        var zip = ZipWriter()
        zip.add("\(stem).dist-info/METADATA", DistributionBuilder(name, "1.0").metadata)
        zip.add("\(stem).dist-info/WHEEL", "Wheel-Version: 1.0\n")
        zip.add("\(stem).dist-info/RECORD", "\(stem).dist-info/METADATA,,\n\(stem).dist-info/WHEEL,,\n\(stem).dist-info/RECORD,,\n")
        return UploadBuilder(name, "1.0", file: ("\(stem)-\(tag).whl", zip.finished()))
    }

    private static func zip() -> UploadBuilder {
        var zip = ZipWriter()
        zip.add("demo-1.0/PKG-INFO", DistributionBuilder("demo", "1.0").metadata)
        zip.add("demo-1.0/setup.py", "from setuptools import setup\n")
        return UploadBuilder("demo", "1.0", file: ("demo-1.0.zip", zip.finished()))
    }

    /// An upload that breaks one rule.
    struct Breach: Sendable, CustomTestStringConvertible {
        let rule: UploadRule
        let upload: UploadBuilder
        var testDescription: String { "\(rule.rawValue): \(upload.filename)" }
    }

    private static let breaches: [Breach] = [
        Breach(rule: .privateClassifiers, upload: .wheel("demo", "1.0").with("classifiers", "Private :: Do Not Upload")),
        Breach(rule: .unknownClassifiers, upload: .wheel("demo", "1.0").with("classifiers", "Nonsense :: Classifier")),
        Breach(rule: .unknownClassifiers, upload: .wheel("demo", "1.0").with("classifiers", "Natural Language :: Ukranian")),
        Breach(rule: .directURLs, upload: .wheel("demo", "1.0", saying: [("requires_dist", "other @ https://example.org/other-1.0.tar.gz")])),
        Breach(rule: .standardLibraryNames, upload: .wheel("configparser", "1.0")),
        Breach(rule: .unnormalizedFilenames, upload: sdist("Demo", filename: "Demo-1.0.tar.gz")),
        Breach(rule: .unnormalizedFilenames, upload: sdist("zope.interface", filename: "zope.interface-1.0.tar.gz")),
        Breach(rule: .unnormalizedFilenames, upload: sdist("my-demo", filename: "my-demo-1.0.tar.gz")),
        Breach(rule: .unnormalizedFilenames, upload: sdist("demo", filename: "demo-1.00.tar.gz")),
        Breach(rule: .unnormalizedFilenames, upload: zip()),
        Breach(rule: .unnormalizedFilenames, upload: wheel("PyDemo", spelled: "PyDemo-1.0")),
        Breach(rule: .unnormalizedFilenames, upload: wheel("my.demo", spelled: "my.demo-1.0")),
        Breach(rule: .unknownPlatforms, upload: .wheel("demo", "1.0", tag: "cp312-cp312-win_riscv64")),
        Breach(rule: .unknownPlatforms, upload: .wheel("demo", "1.0", tag: "cp312-cp312-manylinux_2_99_loongarch64")),
    ]

    @Test(arguments: breaches)
    func `what only a public index refuses is published by a team's, with a warning and an event, and the refusal names the setting`(
        breach: Breach
    ) async throws {
        for level in UploadRule.Level.allCases {
            // The setting counts, under whichever set of rules.
            for rules in IndexSettings.Rules.allCases {
                var settings = IndexSettings(rules: rules)
                settings.uploadRules[breach.rule] = level
                try await TestIndex.run(settings: settings) { test in
                    try await test.user()
                    let token = try await test.token()
                    let events = { try await test.db.query("SELECT details FROM events WHERE tag = 'file:rule:warning'") }
                    guard level != .refuse else {
                        let rejection = await refusal { try await test.publish(breach.upload, token: token) }
                        #expect(rejection.reason == .invalid)
                        #expect(rejection.message.contains("\(breach.rule.environmentName)=warn"), "\(rejection.message)")
                        return
                    }
                    let outcome = try await test.publish(breach.upload, token: token)
                    let warned = level == .warn ? 1 : 0
                    #expect(outcome.warnings.count == warned, "\(outcome.warnings)")
                    #expect(try await events().count == warned)
                    #expect(try await test.publish(breach.upload, token: token) == .alreadyPublished)
                }
            }
        }
    }

    @Test func `a team's index refuses by none of these rules, and a public one by all`() {
        for rule in UploadRule.allCases {
            #expect(IndexSettings(rules: .pypi).uploadRules[rule] == .refuse)
            #expect(IndexSettings(rules: .team).uploadRules[rule] != .refuse)
        }
    }

    @Test func `a team may have names that look like each other`() async throws {
        try await TestIndex.run(settings: IndexSettings(rules: .team)) { test in
            try await test.user()
            let token = try await test.token()
            try await test.publish(.wheel("toolbox", "1.0"), token: token)
            #expect(try await test.publish(.wheel("t00lbox", "1.0"), token: token).warnings.count == 1)
        }
    }

    @Test func `what installers cannot handle is refused under all rules`() async throws {
        try await TestIndex.run(settings: IndexSettings(rules: .team)) { test in
            try await test.user()
            let token = try await test.token()
            let bad: [UploadBuilder] = [
                Self.sdist("demo", filename: "demo-2.0.tar.gz"), Self.sdist("demo", filename: "other-1.0.tar.gz"),
                Self.sdist("demo", filename: "demo.tar.gz"), Self.wheel("demo", spelled: "demo-2.0"), Self.wheel("demo", spelled: "other-1.0"),
                Self.wheel("demo", spelled: "my__demo-1.0"), Self.wheel("demo", spelled: "demo-1.0", tag: "py3-none"),
            ]
            for upload in bad { #expect(await refusal { try await test.publish(upload, token: token) }.reason == .invalid, "\(upload.filename)") }
            #expect(try await test.db.query("SELECT id FROM projects").isEmpty)
        }
    }

    /// Each pair is one file-version under two spellings: whichever comes first, the other is refused, and so is it once the first was deleted.
    @Test(arguments: [
        (wheel("My.Demo", spelled: "My.Demo-1.0"), wheel("My.Demo", spelled: "my_demo-1.0").adding("summary", "x")),
        (sdist("My-Demo", filename: "My-Demo-1.0.tar.gz"), sdist("My-Demo", filename: "my_demo-1.0.tar.gz").adding("summary", "x")),
        (sdist("demo", filename: "demo-1.00.tar.gz"), sdist("demo", filename: "demo-1.0.tar.gz").adding("summary", "x")),
    ])
    func `a file under another spelling of its name is the same file`(one: UploadBuilder, other: UploadBuilder) async throws {
        // Other bytes, or the content alone would give them away.
        let other = other.with(bytes: try Self.changed(other))
        for (first, second) in [(one, other), (other, one)] {
            try await TestIndex.run(settings: IndexSettings(rules: .team)) { test in
                try await test.user()
                let token = try await test.token()
                try await test.publish(first, token: token)
                let rejection = await refusal { try await test.publish(second, token: token) }
                let words = "already exists under another spelling of its name ('\(first.filename)')"
                #expect(rejection.message.contains(words), "\(rejection.message)")
                // Its name stays taken once it is deleted, in every spelling.
                let path = try await test.db.read { try $0.files.paths()[0] }
                try await test.db.write { try $0.execute("DELETE FROM files") }
                try await test.storage.delete(.init(path))
                _ = try await test.storage.delete(.init(path + ".metadata"))
                #expect(await refusal { try await test.publish(second, token: token) }.message.contains("previously used"))
            }
        }
    }

    /// The same distribution with one more member.
    private static func changed(_ upload: UploadBuilder) throws -> [UInt8] {
        if upload.filename.hasSuffix(".whl") {
            let stem = upload.filename.dropLast("-py3-none-any.whl".count)
            var zip = ZipWriter()
            let name = try #require(upload.fields.first { $0.name == "name" }).value
            zip.add("\(stem).dist-info/METADATA", DistributionBuilder(name, "1.0").metadata)
            zip.add("\(stem).dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: other\n")
            zip.add("\(stem).dist-info/RECORD", "\(stem).dist-info/METADATA,,\n\(stem).dist-info/WHEEL,,\n\(stem).dist-info/RECORD,,\n")
            return zip.finished()
        }
        var distribution = DistributionBuilder(try #require(upload.fields.first { $0.name == "name" }).value, "1.0")
        distribution.members = [("more.py", Array("1\n".utf8))]
        return distribution.sourceDistribution().bytes
    }
}
