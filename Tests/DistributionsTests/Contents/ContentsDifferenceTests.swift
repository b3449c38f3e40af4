import Testing

@testable import Distributions

@Suite struct ContentsDifferenceTests {
    private typealias Changes = ContentsDifference.Changes<String>
    private typealias Change = ContentsDifference.Change<String>

    @Test func `a release differs from itself in nothing`() throws {
        var wheel = MadeWheel("1.0", [("demo/a.py", "x"), ("demo/a.py", "y"), ("x.pth", "import a"), ("demo/b.so", ""), ("../c", "")])
        wheel.headers = ["Requires-Dist: a", "Requires-Dist: a; python_version < '3'", "Requires-Dist: no requirement!", "Import-Name: a"]
        wheel.entryPoints = "[console_scripts]\npython = a:b\n"
        var zip = wheel.zip
        zip.members[0].method = 99
        let contents = try DistributionContents(wheel: ArchiveSource(bytes: zip.bytes()), filename: wheel.filename)
        #expect(ContentsDifference(from: contents, to: contents).isEmpty)
    }

    @Test func `random releases differ from themselves in nothing, and in one direction as in the other`() throws {
        var random = SplitMix(state: 11)
        let paths = ["demo/a.py", "demo/b.py", "demo/c.so", "d.pth", "sitecustomize.py", "demo-1.0.dist-info/licenses/L", "e/__init__.py"]
        let needs = ["a", "a>1", "b; extra == 'x'", "c @ https://example.com/c.zip", "d[e]", "!"]
        func release() throws -> DistributionContents {
            let chosen = paths.filter { _ in Bool.random(using: &random) }
            var wheel = MadeWheel("1.0", chosen.map { ($0, "\(Int.random(in: 0..<3, using: &random))") })
            wheel.headers = needs.filter { _ in Bool.random(using: &random) }.map { "Requires-Dist: \($0)" }
            return try wheel.contents()
        }
        for _ in 0..<100 {
            let (old, new) = (try release(), try release())
            #expect(ContentsDifference(from: old, to: old).isEmpty)
            let (there, back) = (ContentsDifference(from: old, to: new), ContentsDifference(from: new, to: old))
            #expect(there.members.added == back.members.removed)
            #expect(there.members.removed == back.members.added)
            #expect(there.members.changed.map(\.old) == back.members.changed.map(\.new))
            #expect(Set(there.requirements.added) == Set(back.requirements.removed))
            #expect(there.importNames.added == back.importNames.removed)
            #expect(old.members.count + there.members.added.count - there.members.removed.count == new.members.count)
            #expect(there.isEmpty == (old == new))
        }
    }

    @Test func `members are compared under their paths without the version`() throws {
        var old = MadeWheel("1.0", [("demo/a.py", "1"), ("demo/b.py", "1"), ("demo/c.py", "1"), ("demo-1.0.data/scripts/x", "1")])
        old.headers = ["License-File: A"]
        var new = MadeWheel("2.0", [("demo/a.py", "1"), ("demo/b.py", "22"), ("demo/d.py", "1"), ("demo-2.0.data/scripts/x", "1")])
        new.headers = ["License-File: B", "Requires-Python: >=3.9"]
        let difference = ContentsDifference(from: try old.contents(), to: try new.contents())
        #expect(difference.members.added.map(\.path) == ["demo/d.py"])
        #expect(difference.members.removed.map(\.path) == ["demo/c.py"])
        #expect(
            difference.members.changed.map(\.new.path) == ["demo-2.0.dist-info/METADATA", "demo-2.0.dist-info/RECORD", "demo/b.py"]
        )
        #expect(difference.members.changed.last?.old.size == 1)
        #expect(difference.members.changed.last?.new.size == 2)
        #expect(difference.licenseFiles == Changes(added: ["B"], removed: ["A"]))
        #expect(difference.requiresPython?.new == ">=3.9")
        #expect(difference.generator == nil)
        #expect(difference.installedSize != nil)
    }

    @Test func `a source distribution's top folder is no difference`() throws {
        let files = [("setup.py", "x"), ("demo/__init__.py", "")]
        let old = try DistributionContents(sourceDistribution: ArchiveSource(bytes: madeSource(files)), filename: "demo-1.0.tar.gz")
        let other = madeSource(files, top: "demo-2.0")
        let new = try DistributionContents(sourceDistribution: ArchiveSource(bytes: other), filename: "demo-2.0.tar.gz")
        #expect(ContentsDifference(from: old, to: new).members.isEmpty)
    }

    @Test func `requirements are added, removed or changed, whatever their spelling and order`() throws {
        var old = MadeWheel()
        old.headers = [
            "Requires-Dist: Same_Thing >= 1, <2", "Requires-Dist: up>=1", "Requires-Dist: gone", "Requires-Dist: two>1; python_version<'3'",
            "Requires-Dist: two>2; python_version>='3'", "Requires-Dist: moved",
        ]
        var new = MadeWheel()
        new.headers = [
            "Requires-Dist: two>3; python_version >= \"3\"", "Requires-Dist: two>1; python_version < '3'", "Requires-Dist: up>=2",
            "Requires-Dist: came", "Requires-Dist: same-thing<2,>=1", "Requires-Dist: moved; extra == 'x'",
        ]
        let requirements = ContentsDifference(from: try old.contents(), to: try new.contents()).requirements
        #expect(requirements.added == ["came"])
        #expect(requirements.removed == ["gone"])
        #expect(
            Set(requirements.changed) == [
                Change(old: "up>=1", new: "up>=2"), Change(old: "two>2; python_version>='3'", new: "two>3; python_version >= \"3\""),
                Change(old: "moved", new: "moved; extra == 'x'"),
            ]
        )
    }

    @Test func `entry points and import names are compared`() throws {
        var old = MadeWheel("1.0", [("a/__init__.py", ""), ("b.py", "")])
        old.entryPoints = "[console_scripts]\nx = a:x\ny = a:y\n"
        var new = MadeWheel("1.0", [("a/__init__.py", ""), ("c.py", "")])
        new.entryPoints = "[console_scripts]\nx = a:other\nz = a:z\n"
        let difference = ContentsDifference(from: try old.contents(), to: try new.contents())
        #expect(difference.entryPoints.added.map(\.name) == ["z"])
        #expect(difference.entryPoints.removed.map(\.name) == ["y"])
        #expect(difference.entryPoints.changed.map(\.new.value) == ["a:other"])
        #expect(difference.importNames == Changes(added: ["c"], removed: ["b"]))
    }
}
