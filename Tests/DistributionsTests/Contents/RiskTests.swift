import Testing

@testable import Distributions

@Suite struct RiskTests {
    /// The risks of going from a plain wheel to one with these changes.
    private static func risks(
        from old: MadeWheel = MadeWheel(),
        adding files: [(String, String)] = [],
        _ change: (inout MadeWheel) -> Void = { _ in }
    ) throws -> [Risk] {
        var new = MadeWheel("1.1", [("demo/__init__.py", "x = 1\n")] + files)
        change(&new)
        let found = ContentsDifference(from: try old.contents(), to: try new.contents()).risks
        #expect(found.allSatisfy { $0.sentence.hasSuffix(".") })
        return found
    }

    private static func told(_ risks: [Risk]) -> [String] { risks.map { "\($0.kind) \($0.subject)" } }

    @Test func `an ordinary new release has none`() throws {
        #expect(
            try Self.risks(adding: [("demo/more.py", "y"), ("demo/data.txt", String(repeating: "x", count: 9_000))]) { $0.generator = "maker (2)" }
                == []
        )
    }

    @Test func `what runs at every start`() throws {
        let found = try Self.risks(adding: [("demo.pth", "import os"), ("paths.pth", "x"), ("sitecustomize.py", "")])
        #expect(
            Self.told(found)
                == ["startupFile demo.pth", "startupFile paths.pth", "startupFile sitecustomize.py"]
        )
        #expect(found[0].sentence.contains("runs whenever Python starts"))
        #expect(found[1].sentence.contains("no line that runs"))
        let changed = try Self.risks(
            from: MadeWheel("1.0", [("demo/__init__.py", "x = 1\n"), ("demo.pth", "x")]),
            adding: [("demo.pth", "import os")]
        )
        #expect(Self.told(changed) == ["startupFile demo.pth"])
        #expect(changed.first?.sentence.contains("has changed") == true)
    }

    @Test func `native libraries, but not each that only has another platform or hash in its name`() throws {
        #expect(Self.told(try Self.risks(adding: [("demo/a.so", ""), ("demo/b.so", "")])) == ["nativeLibrary demo/a.so"])
        let old = MadeWheel(
            "1.0",
            [("demo/__init__.py", "x = 1\n"), ("demo/a.cpython-312-x86_64-linux-gnu.so", ""), ("demo.libs/libz-1f2e3d4c.so.1", "")]
        )
        let found = try Self.risks(
            from: old,
            adding: [("demo/a.cpython-313-x86_64-linux-gnu.so", ""), ("demo.libs/libz-99999999.so.2", ""), ("demo/new.abi3.so", "")]
        )
        #expect(Self.told(found) == ["nativeLibrary demo/new.abi3.so"])
    }

    @Test func `commands that many systems have`() throws {
        let found = try Self.risks(adding: [("demo-1.1.data/scripts/git", "")]) {
            $0.entryPoints = "[console_scripts]\npip = a:b\ndemo = a:b\n[gui_scripts]\nPython.exe = a:b\n[demo]\nls = a\n"
        }
        #expect(Self.told(found) == ["shadowedCommand pip", "shadowedCommand Python.exe", "shadowedCommand git"])
    }

    @Test func `new projects that everybody needs, and addresses`() throws {
        var old = MadeWheel()
        old.headers = ["Requires-Dist: known", "Requires-Dist: direct>=1"]
        let found = try Self.risks(from: old) {
            $0.headers = [
                "Requires-Dist: known>=2", "Requires-Dist: New_One", "Requires-Dist: optional; extra == 'x'",
                "Requires-Dist: known; python_version < '3'", "Requires-Dist: direct @ https://example.com/d.whl",
            ]
        }
        #expect(Self.told(found) == ["dependency new-one", "dependency direct"])
    }

    @Test func `much more, import names that are gone, another tool, lines nobody wrote`() throws {
        let old = MadeWheel("1.0", [("demo/__init__.py", "x = 1\n"), ("gone.py", "")])
        let found = try Self.risks(from: old, adding: [("demo/o.py", String(repeating: "x", count: 2 << 20))]) { $0.generator = "other 1.0" }
        #expect(Self.told(found).map { $0.prefix { $0 != " " } } == ["longLines", "importName", "generator", "size"])
        #expect(found.map(\.subject).dropLast() == ["demo/o.py", "gone", "other 1.0"])
    }

    @Test func `members that are not what they should be`() throws {
        let found = try Self.risks(adding: [("demo/a.py", "a"), ("demo/b.py", "b"), ("../c", "c")]) {
            $0.rows = ["demo/a.py": "demo/a.py,sha256=AAAA,1\n", "demo/b.py": ""]
        }
        #expect(Self.told(found) == ["dubiousMember ../c", "dubiousMember demo/a.py", "dubiousMember demo/b.py"])
        // The same once more is nothing new.
        var old = MadeWheel("1.0", [("demo/__init__.py", "x = 1\n"), ("demo/a.py", "before")])
        old.rows = ["demo/a.py": "demo/a.py,sha256=AAAA,1\n"]
        #expect(try Self.risks(from: old, adding: [("demo/a.py", "a")]) { $0.rows = ["demo/a.py": "demo/a.py,sha256=AAAA,1\n"] } == [])
    }

    @Test func `a build script that was not there`() throws {
        let old = try DistributionContents(
            sourceDistribution: ArchiveSource(bytes: madeSource([("demo/__init__.py", "")])),
            filename: "demo-1.0.tar.gz"
        )
        let bytes = madeSource([("demo/__init__.py", ""), ("setup.py", ""), ("demo/setup.py", "")])
        let new = try DistributionContents(sourceDistribution: ArchiveSource(bytes: bytes), filename: "demo-1.0.tar.gz")
        #expect(Self.told(ContentsDifference(from: old, to: new).risks) == ["buildScript demo-1.0/setup.py"])
    }

    @Test func `of very many of a kind some are told and the rest counted`() throws {
        let found = try Self.risks(adding: (0..<50).map { ("h\($0).pth", "import os") })
        #expect(found.count == Risk.toldOfAKind + 1)
        #expect(found.last?.subject == "30")
    }
}
