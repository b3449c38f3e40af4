import CZlib
import Foundation
import Testing

@testable import Distributions

@Suite struct DistributionContentsTests {
    @Test func `a wheel's summary tells what is in it`() throws {
        var wheel = MadeWheel(
            "1.0",
            [
                ("demo/__init__.py", "x = 1\n"), ("demo/py.typed", ""), ("demo/fast.cpython-313-x86_64-linux-gnu.so", "\u{7F}ELF"),
                ("demo.libs/libz-1f2e3d4c.so.1.2", "\u{7F}ELF"), ("single.py", "y = 2\n"), ("demo.pth", "import os; os.getcwd()\n"),
                ("other.pth", "../elsewhere\n"), ("demo-1.0.dist-info/licenses/LICENSE", "Do as you like.\n"),
                ("demo-1.0.data/scripts/demo-run", "#!python\n"),
            ]
        )
        wheel.headers = ["Requires-Dist: requests>=2", "Requires-Dist: rich; extra == 'x'", "Requires-Python: >=3.9", "License-File: LICENSE"]
        wheel.entryPoints = "[console_scripts]\ndemo = demo:main\n# nothing\n[demo.plugins]\na=demo.a\n"
        let bytes = wheel.zip.bytes()
        let contents = try DistributionContents(wheel: ArchiveSource(bytes: bytes), filename: wheel.filename)

        #expect(contents.format == .wheel)
        #expect(contents.stem == "demo-1.0")
        #expect((contents.name, contents.version) == ("demo", "1.0"))
        #expect(contents.memberCount == 13)
        #expect(contents.members.map(\.path) == wheel.zip.members.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(contents.archiveSize == Int64(bytes.count))
        let total = wheel.zip.members.reduce(0) { $0 + $1.content.count }
        #expect(contents.totalSize == Int64(total))
        #expect(contents.installedSize == Int64(total))
        #expect(contents.requirements == ["requests>=2", "rich; extra == 'x'"])
        #expect(contents.requiresPython == ">=3.9")
        #expect(contents.licenseFiles == ["LICENSE"])
        #expect(
            contents.entryPoints == [
                EntryPoint(group: "console_scripts", name: "demo", value: "demo:main"), EntryPoint(group: "demo.plugins", name: "a", value: "demo.a"),
            ]
        )
        #expect(contents.importNames == ["demo", "single"])
        #expect(!contents.declaresImportNames)
        #expect(contents.typing == .marker)
        #expect(contents.generator == "maker (1.0)")
        #expect(contents.tags == ["py2-none-any", "py3-none-any"])
        #expect(contents.missingMembers == 0)
        #expect(contents.startupFiles.map(\.path) == ["demo.pth", "other.pth"])
        #expect(contents.startupFiles.map { $0.marks.contains(.runsCode) } == [true, false])
        #expect(contents.nativeLibraries.keys.sorted() == ["demo", "demo.libs"])
        #expect(contents.members.allSatisfy { $0.digest != nil && $0.marks.subtracting(.runsCode).isEmpty })
    }

    @Test func `sizes and digests are the content's, and what RECORD says otherwise is marked`() throws {
        var wheel = MadeWheel("1.0", [("demo/a.py", "a"), ("demo/b.py", "b"), ("demo/c.py", "c")])
        wheel.rows["demo/a.py"] = "demo/a.py,sha256=\(String(repeating: "A", count: 43)),1\n"
        wheel.rows["demo/b.py"] = "demo/b.py,,1000\ndemo/gone.py,,5\n"
        wheel.rows["demo/c.py"] = ""
        let contents = try wheel.contents()
        let marks = Dictionary(uniqueKeysWithValues: contents.members.map { ($0.path, $0.marks) })
        #expect(marks["demo/a.py"] == .contradictsRecord)
        #expect(marks["demo/b.py"] == .contradictsRecord)
        #expect(marks["demo/c.py"] == .missingFromRecord)
        #expect(contents.missingMembers == 1)
        #expect(contents.installedSize == contents.totalSize + 999)
        #expect(
            contents.members.first { $0.path == "demo/a.py" }?.digest == (try MadeWheel("1.0", [("demo/a.py", "a")]).contents()).members.last?.digest
        )
    }

    @Test func `a source distribution's summary tells what is in it`() throws {
        let bytes = madeSource(
            [
                ("pyproject.toml", "[build-system]\n"), ("setup.py", "import os\n"), ("src/demo/__init__.py", ""), ("src/demo/inner/a.py", ""),
                ("src/hook.pth", "import demo\n"), ("tests/test_demo.py", ""), ("LICENSE.txt", "free"), ("bin/run", "x"),
                ("src/demo.egg-info/entry_points.txt", "[gui_scripts]\nd=demo:m\n"),
            ],
            headers: ["Requires-Dist: a"]
        )
        let contents = try DistributionContents(sourceDistribution: ArchiveSource(bytes: bytes), filename: "demo-1.0.tar.gz")
        #expect(contents.format == .sourceDistribution)
        #expect(contents.stem == "demo-1.0")
        #expect(contents.name == "demo")
        #expect(contents.requirements == ["a"])
        #expect(contents.importNames == ["demo"])
        #expect(contents.entryPoints == [EntryPoint(group: "gui_scripts", name: "d", value: "demo:m")])
        #expect(contents.installedSize == contents.totalSize)
        let kinds = Dictionary(uniqueKeysWithValues: contents.members.map { (String(contents.key(of: $0)), $0.kind) })
        #expect(
            kinds == [
                "PKG-INFO": .metadata, "pyproject.toml": .metadata, "setup.py": .python, "src/demo/__init__.py": .python,
                "src/demo/inner/a.py": .python, "src/hook.pth": .pathConfiguration, "tests/test_demo.py": .python, "LICENSE.txt": .license,
                "bin/run": .script, "src/demo.egg-info/entry_points.txt": .metadata,
            ]
        )
    }

    @Test func `declared import names come before what is found, without private ones`() throws {
        var wheel = MadeWheel()
        wheel.headers = ["Import-Name: demo.api", "Import-Name: _demo; private", "Import-Namespace: demo"]
        let contents = try wheel.contents()
        #expect(contents.importNames == ["demo.api"])
        #expect(contents.importNamespaces == ["demo"])
        #expect(contents.declaresImportNames)
    }

    @Test func `import names are the outermost packages and modules, namespaces what they lie in`() throws {
        let wheel = MadeWheel(
            "1.0",
            [
                ("google/cloud/storage/__init__.py", ""), ("google/cloud/storage/deep/a.py", ""), ("google/lone.py", ""), ("top.py", ""),
                ("ext.abi3.so", ""), ("bad-name/__init__.py", ""), ("demo-1.0.data/purelib/inside/__init__.py", ""),
                ("other-stubs/__init__.pyi", ""), ("pkg/sub/__init__.py", ""), ("pkg/__init__.py", ""),
            ]
        )
        let contents = try wheel.contents()
        #expect(contents.importNames == ["ext", "google.cloud.storage", "google.lone", "inside", "pkg", "top"])
        #expect(contents.importNamespaces == ["google", "google.cloud"])
        #expect(contents.typing == .stubs)
    }

    @Test(arguments: ["", "x", "x\n"]) func `reads itself back as it was stored`(text: String) throws {
        var wheel = MadeWheel("1.0", [("demo/__init__.py", text), ("demo/long.py", String(repeating: "x", count: 9_000)), ("a\u{1}b", "x")])
        wheel.headers = ["Requires-Dist: a"]
        wheel.entryPoints = "[console_scripts]\na = b:c\n"
        var zip = wheel.zip
        zip.members[0].method = 99
        let contents = try DistributionContents(wheel: ArchiveSource(bytes: zip.bytes()), filename: wheel.filename)
        #expect(contents.members.contains { $0.digest == nil })
        #expect(contents.members.contains { $0.longestLine == 9_000 })
        let stored = contents.encoded()
        #expect(try DistributionContents(encoded: stored) == contents)
        #expect(try DistributionContents(encoded: stored).encoded() == stored)
    }

    @Test func `does not read what is damaged or of another version`() throws {
        let stored = try MadeWheel().contents().encoded()
        for count in [0, 3, 4, 10, stored.count - 1] {
            #expect(throws: InvalidArchive.self) { try DistributionContents(encoded: Array(stored.prefix(count))) }
        }
        #expect(throws: InvalidArchive.self) { try DistributionContents(encoded: [0xFF, 0xFF, 0xFF, 0xFF] + stored.dropFirst(4)) }
        let json = try Compression.unzstd(Array(stored.dropFirst(4)), length: stored.prefix(4).reduce(0) { $0 << 8 | Int($1) })
        let text = String(decoding: json, as: UTF8.self)
        for (old, new) in [("\"v\":1", "\"v\":2"), ("\"kinds\":\"", "\"kinds\":\"p"), ("\"marks\":[]", "\"marks\":[[99,1]]")] {
            #expect(text.contains(old))
            let other = Array(text.replacing(old, with: new).utf8)
            let bytes = [UInt8](withUnsafeBytes(of: UInt32(other.count).bigEndian) { Array($0) }) + Compression.zstd(other)
            #expect(throws: InvalidArchive.self) { try DistributionContents(encoded: bytes) }
        }
    }

    @Test func `the summary of a wheel of 2,000 files takes less than 60 KB`() throws {
        let words = ["core", "utils", "client", "models", "tests", "config", "handlers", "schema", "types", "errors", "http", "cache", "io"]
        var random = SystemRandomNumberGenerator()
        let files = (0..<2_000).map { index in
            let folder = (0...index % 3).map { words[(index / (7 + $0)) % words.count] }.joined(separator: "/")
            return ("demo/\(folder)/\(words.randomElement(using: &random)!)_\(index).py", String(index) + String(repeating: "x", count: index))
        }
        let stored = try MadeWheel("1.0", files).contents().encoded()
        #expect(stored.count < 60_000)
        // The digests alone, so that the test would notice if they were not there.
        #expect(stored.count > 32_000)
    }

    @Test func `of too many members, those that run at start are listed and the rest is counted`() throws {
        var zip = ZipBuilder()
        let extra = 500
        for index in 0..<DistributionContents.listedMembers + extra { zip.members.append(ZipBuilder.Member(name: "a/\(index)", content: [1])) }
        zip.members.append(ZipBuilder.Member(name: "z.pth", content: Array("import os\n".utf8)))
        let contents = try DistributionContents(wheel: ArchiveSource(bytes: zip.bytes()), filename: "demo-1.0-py3-none-any.whl")
        #expect(contents.members.count == DistributionContents.listedMembers)
        #expect(contents.unlisted.count == extra + 1)
        #expect(contents.unlisted.size == Int64(extra + 1))
        #expect(contents.startupFiles.map(\.path) == ["z.pth"])
        #expect(contents.memberCount == zip.members.count)
        #expect(try DistributionContents(encoded: contents.encoded()) == contents)

        let last = zip.members.indices.first { index in !contents.members.contains { $0.path == zip.members[index].name } }!
        zip.members[last].content = [2]
        let other = try DistributionContents(wheel: ArchiveSource(bytes: zip.bytes()), filename: "demo-1.0-py3-none-any.whl")
        #expect(ContentsDifference(from: contents, to: other).unlistedDiffers)
    }

    @Test func `whatever the names and texts, the summary stays small enough to be read`() throws {
        let ends = String(repeating: "\u{1}", count: 4_000)
        var wheel = MadeWheel("1.0", (0..<500).map { ("\($0)\(ends)", "") } + [("a.pth", "import os"), ("b.py", "")])
        wheel.headers = (0..<300).map { "Requires-Dist: \($0)\(String(repeating: "\u{202E}", count: 5_000))" }
        let point = String(repeating: "\u{7F}", count: 4_000)
        wheel.entryPoints = "[x]\n" + (0..<100).map { "\($0)\(point) = \(point)\n" }.joined()
        let contents = try wheel.contents()
        #expect(contents.memberCount == 506)
        #expect(contents.unlisted.count == 500 - DistributionContents.pathBudget / 20_003)
        #expect(contents.startupFiles.map(\.path) == ["a.pth"])
        #expect(contents.importNames == ["b"])
        #expect(contents.requirements.count > 50)
        #expect(contents.requirements.allSatisfy { $0.unicodeScalars.count == 1_001 })
        #expect(contents.entryPoints.count > 20)
        #expect(try DistributionContents(encoded: contents.encoded()) == contents)
        #expect(contents.encoded().count < 1 << 20)
    }

    @Test func `a folder that spells the name otherwise is found`() throws {
        let wheel = MadeWheel()
        let contents = try DistributionContents(wheel: ArchiveSource(bytes: wheel.zip.bytes()), filename: "Demo-1.0-py3-none-any.whl")
        #expect(contents.name == "demo")
        #expect(contents.stem == "demo-1.0")
        #expect(contents.generator == "maker (1.0)")
    }

    @Test func `names that hide or lead out are shown escaped and marked`() throws {
        let names = ["a\u{1B}[2J.py", "../up.py", "/abs.py", "demo/\u{202E}gnp.py", "C:/x.py", "demo/a\\b.py", "ok/é.py"]
        let contents = try MadeWheel("1.0", names.map { ($0, "x") }).contents()
        let marked = contents.members.filter { $0.marks.contains(.unsafePath) }.map(\.path)
        #expect(Set(marked) == ["a\\u{1B}[2J.py", "../up.py", "/abs.py", "demo/\\u{202E}gnp.py", "C:/x.py", "demo/a\\\\b.py"])
        #expect(contents.importNames == ["ok.é"])
        for member in contents.members {
            #expect(member.path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format })
        }
    }

    @Test func `two paths never look the same`() {
        let paths = ["a\u{1}", "a\\u{1}", "a\\\\u{1}", "a\\", "a", "a\u{200B}", "a\t"]
        #expect(Set(paths.map { VisibleText.path($0) }).count == paths.count)
    }

    @Test func `names that are not UTF-8 are shown byte by byte, and can be asked for`() throws {
        var zip = ZipBuilder(members: [ZipBuilder.Member(name: "caf?.py", content: [0x61]), ZipBuilder.Member(name: "b.py", content: [])])
        zip.members[0].flags = 0
        let zipped = zip.bytes().map { $0 == UInt8(ascii: "?") ? 0xE9 : $0 }
        let wheel = try DistributionContents(wheel: ArchiveSource(bytes: zipped), filename: "demo-1.0-py3-none-any.whl")
        #expect(wheel.members.map(\.path) == ["b.py", "caf\\xE9.py"])
        #expect(wheel.members[1].marks.contains(.unsafePath))
        #expect(try MemberReader(ArchiveSource(bytes: zipped)).content(of: "caf\\xE9.py")?.size == 1)
        // Whoever decides about an archive refuses it.
        #expect(throws: InvalidArchive.self) { try ZipReader(ArchiveSource(bytes: zipped)) }
        // Nor is a local name of such bytes the same as one of the characters that stand for them.
        zip.members[0].name = "caf\u{10FFE9}.py"
        zip.members[0].localNameBytes = Array("caf?.py".utf8)
        let mixed = try MemberReader(ArchiveSource(bytes: zip.bytes().map { $0 == UInt8(ascii: "?") ? 0xE9 : $0 }))
        #expect(throws: InvalidArchive.self) { try mixed.content(of: "caf\\xE9.py") }

        var tar = TarBuilder()
        // In an extended header, whose content no sum counts.
        tar.addPax([("path", "demo-1.0/caf?")])
        tar.add("demo-1.0/x", [0x61])
        let tarred = Compression.gzip(tar.ended.map { $0 == UInt8(ascii: "?") ? 0xE9 : $0 })
        let source = try DistributionContents(sourceDistribution: ArchiveSource(bytes: tarred), filename: "demo-1.0.tar.gz")
        #expect(source.members.map(\.path) == ["demo-1.0/caf\\xE9"])
        #expect(try MemberReader(ArchiveSource(bytes: tarred)).content(of: "demo-1.0/caf\\xE9")?.size == 1)
        #expect(throws: (any Error).self) {
            try SourceDistribution(ArchiveSource(bytes: tarred), filename: "demo-1.0.tar.gz", limits: ArchiveLimits())
        }
    }

    @Test func `what can not be read is listed and marked`() throws {
        var zip = MadeWheel("1.0", [("demo/a.py", "abc"), ("demo/b.py", "abc"), ("demo/c.py", "abc"), ("demo/d.py", "abc")]).zip
        zip.members[0].flags |= 1
        zip.members[1].method = 12
        zip.members[2].checksum = 7
        let contents = try DistributionContents(wheel: ArchiveSource(bytes: zip.bytes()), filename: "demo-1.0-py3-none-any.whl")
        let unreadable = contents.members.filter { $0.marks.contains(.unreadable) }
        #expect(unreadable.map(\.path) == ["demo/a.py", "demo/b.py", "demo/c.py"])
        #expect(unreadable.allSatisfy { $0.digest == nil })
    }

    @Test func `links and devices of a tar are listed as what they are`() throws {
        var tar = TarBuilder()
        tar.add("demo-1.0/a", Array("x".utf8))
        tar.add("demo-1.0/b", type: "2", link: "a")
        tar.add("demo-1.0/c", type: "3")
        tar.add("demo-1.0/d", type: "2", link: "/etc/passwd")
        let contents = try DistributionContents(sourceDistribution: ArchiveSource(bytes: Compression.gzip(tar.ended)), filename: "demo-1.0.tar.gz")
        #expect(contents.members.map { $0.marks.contains(.notAFile) } == [false, true, true, true])
        #expect(contents.members[1].digest != contents.members[3].digest)
    }

    @Test func `a bomb is refused`() throws {
        var zip = ZipBuilder()
        zip.members = [ZipBuilder.Member(name: "demo/a", content: [UInt8](repeating: 0, count: 2 << 20), isDeflated: true)]
        let limits = ArchiveLimits(expansionFloor: 1 << 20)
        let source = ArchiveSource(bytes: zip.bytes())
        #expect(throws: InvalidArchive.self) { try DistributionContents(wheel: source, filename: "demo-1-py3-none-any.whl", limits: limits) }
        let tar = ArchiveSource(bytes: madeSource([("a", String(repeating: "0", count: 2 << 20))]))
        #expect(throws: InvalidArchive.self) { try DistributionContents(sourceDistribution: tar, filename: "demo-1.tar.gz", limits: limits) }
    }

    @Test func `no archive at all is told as a sentence`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "emporium-\(UUID().uuidString)").path
        #expect(throws: InvalidDistribution.self) { try DistributionContents(wheelAt: path, filename: "demo-1.0-py3-none-any.whl") }
        try Data("no zip".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: InvalidDistribution.self) { try DistributionContents(wheelAt: path, filename: "demo-1.0-py3-none-any.whl") }
        #expect(throws: InvalidDistribution.self) { try DistributionContents(sourceDistributionAt: path, filename: "demo-1.0.tar.gz") }
        #expect(throws: InvalidDistribution.self) { try DistributionContents(sourceDistributionAt: path, filename: "demo-1.0.zip") }
    }

    @Test func `every other made-up damage is an error or a summary, never a crash`() throws {
        let wheel = MadeWheel()
        let good = wheel.zip.bytes()
        for position in good.indices {
            var bytes = good
            bytes[position] ^= 0x55
            _ = try? DistributionContents(wheel: ArchiveSource(bytes: bytes), filename: wheel.filename).encoded()
        }
    }
}
