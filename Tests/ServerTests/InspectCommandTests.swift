// `emporium inspect`: the verdict a publish would get.

import Foundation
import Packaging
import SQLDatabase
import SQLiteEngine
import TestPrograms
import TestSupport
import Testing

@Suite struct InspectCommandTests {
    private func inspect(
        _ files: [(filename: String, bytes: [UInt8])],
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> ProgramResult {
        try await withFolder { folder in
            for file in files { try Data(file.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file.filename)")) }
            return try await RunningProgram(["inspect"] + arguments + files.map(\.filename), in: folder, environment: environment).result()
        }
    }

    private static func distribution(_ name: String = "demo", _ version: String = "1.0") -> DistributionBuilder {
        var distribution = DistributionBuilder(name, version)
        distribution.description = "Some words.\n"
        distribution.headers = [
            "Requires-Dist: requests>=2", "Requires-Python: >=3.9", "Provides-Extra: x", "Project-URL: Docs, https://example.org/",
        ]
        return distribution
    }

    @Test func `good files are accepted, and nothing is left in the folder`() async throws {
        try await withFolder { folder in
            for file in [Self.distribution().wheel(), Self.distribution().sourceDistribution()] {
                try Data(file.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file.filename)"))
            }
            let result = try await Program.run("inspect", "demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz", in: folder)
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("demo-1.0-py3-none-any.whl: accepted\n") && result.output.contains("demo-1.0.tar.gz: accepted\n"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/emporium-data"))
        }
    }

    @Test func `one bad file among good ones is told with its reason and makes the command fail`() async throws {
        var bad = Self.distribution("bad")
        bad.headers += ["Classifier: Nonsense :: Classifier"]
        let result = try await inspect([Self.distribution().wheel(), bad.wheel()])
        #expect(result.status == 1)
        #expect(result.output.contains("demo-1.0-py3-none-any.whl: accepted"))
        #expect(result.output.contains("bad-1.0-py3-none-any.whl: refused\n  'Nonsense :: Classifier' is not valid for Classifier"))
    }

    @Test(arguments: [
        ("demo-1.0-py3-none-any.whl", "Invalid distribution file."), ("demo-1.0.tar.gz", "Invalid distribution file."),
        ("demo-1.0.zip", "Invalid distribution file."), ("demo-1.0.egg", "It is an egg"), ("demo-1.0.tgz", "It is a gzipped tar by another name"),
        ("demo-1.0.win32.exe", "It is an installer for Windows"), ("notes", "It is a file of an unknown kind"),
    ])
    func `a file that is no archive is refused`(filename: String, reason: String) async throws {
        let result = try await inspect([(filename, Array("no archive".utf8))])
        #expect(result.status == 1)
        #expect(result.output.contains("\(filename): refused\n  \(reason)"))
    }

    @Test func `signatures, attestations and checksums beside distributions are passed over`() async throws {
        let wheel = Self.distribution().wheel()
        let companions = [".asc", ".sigstore", ".sigstore.json", ".publish.attestation", ".provenance", ".intoto.jsonl", ".sha256", ".metadata"]
        let files = [wheel] + companions.map { ("\(wheel.filename)\($0)", Array("not an archive".utf8)) } + [Self.distribution().sourceDistribution()]
        let result = try await inspect(files)
        #expect(result.status == 0, "\(result.output)")
        for ending in companions { #expect(result.output.contains("\(wheel.filename)\(ending): passed over\n  It is a"), "\(ending)") }
        #expect(result.output.hasSuffix("2 accepted, 8 passed over\n"))
        let alone = try await inspect([("demo-1.0.tar.gz.asc", Array("x".utf8))])
        #expect(alone.status == 1)
        #expect(alone.errorLines.first?.contains("There is no distribution among these files") == true)
    }

    @Test func `an sdist that is a zip is told what it is, by either name`() async throws {
        var zip = ZipWriter()
        zip.add("demo-1.0/PKG-INFO", Self.distribution().metadata)
        zip.add("demo-1.0/setup.py", "from setuptools import setup\n")
        let bytes = zip.finished()
        let named = try await inspect([("demo-1.0.zip", bytes)])
        #expect(named.status == 1)
        #expect(named.output.contains("should be 'demo-1.0.tar.gz' (see PEP 625) (EMPORIUM_UNNORMALIZED_FILENAMES=warn"), "\(named.output)")
        #expect(try await inspect([("demo-1.0.tar.gz", bytes)]).output.contains("is a zip, not a gzipped tar"))
        #expect(try await inspect([("demo-1.0.zip", bytes)], environment: ["EMPORIUM_RULES": "team"]).status == 0)
    }

    @Test func `a folder among the files is named as one`() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/demo-1.0.whl", withIntermediateDirectories: false)
            let result = try await Program.run("inspect", "demo-1.0.whl", in: folder)
            #expect(result.status == 1)
            #expect(result.output.contains("It is a folder"))
        }
    }

    @Test func `the site's own rules count`() async throws {
        let wheel = Self.distribution().wheel(tag: "cp312-cp312-linux_x86_64")
        #expect(try await inspect([wheel]).output.contains("EMPORIUM_LINUX_WHEELS=allow"))
        #expect(try await inspect([wheel], environment: ["EMPORIUM_RULES": "team"]).status == 0)
    }

    @Test func `the site's own lists of identifiers count`() async throws {
        try await withFolder { folder in
            var distribution = Self.distribution()
            distribution.headers += ["Classifier: Framework :: Emporium"]
            let wheel = distribution.wheel()
            try Data(wheel.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(wheel.filename)"))
            #expect(try await Program.run("inspect", wheel.filename, in: folder).status == 1)
            #expect(try await Program.run("migrate", in: folder).status == 0)
            let database = try SQLiteDatabase(path: "\(folder)/emporium-data/emporium.sqlite")
            let classifiers = Identifiers.bundled.classifiers.all + ["Framework :: Emporium"]
            try await database.write { tx in
                try tx.execute(
                    "INSERT INTO refreshed_lists (name, source, body, refreshed_at) VALUES ('classifiers', 'x', \(classifiers.joined(separator: "\n")), 0)"
                )
            }
            #expect(try await Program.run("inspect", wheel.filename, in: folder).status == 0)
        }
    }

    @Test func `two sdists of one release are one too many`() async throws {
        let other = Self.distribution().sourceDistribution()
        let result = try await inspect([other, ("demo-1.0.zip", other.bytes)])
        #expect(result.status == 1)
    }

    @Test func `remarks are told, and quiet leaves out what has none`() async throws {
        var silent = DistributionBuilder("silent", "1.0")
        silent.headers = ["X-Unknown: y", "License-File: LICENSE"]
        let python = try await PythonEnvironment.interpreter("readme", requirements: "Tests/ReadmeTests/requirements.txt")
        let result = try await inspect([Self.distribution().wheel(), silent.wheel()], ["--quiet"], environment: ["EMPORIUM_PYTHON": python])
        #expect(result.status == 0)
        #expect(!result.output.contains("demo-1.0"))
        #expect(result.output.contains("silent-1.0-py3-none-any.whl: accepted\n"))
        #expect(result.output.contains("note: It has no description."))
        #expect(result.output.contains("note: x-unknown in its metadata"))
    }

    @Test func `a description that does not render is found before the upload`() async throws {
        var bad = Self.distribution()
        bad.description = "A long title\n====\n"
        let python = try await PythonEnvironment.interpreter("readme", requirements: "Tests/ReadmeTests/requirements.txt")
        let result = try await inspect([bad.wheel()], environment: ["EMPORIUM_PYTHON": python])
        #expect(result.status == 1)
        #expect(result.output.contains("The description failed to render in the default format of reStructuredText"))
        // Without the renderer nobody can say.
        let without = try await inspect([bad.wheel()], environment: ["EMPORIUM_PYTHON": "/no/interpreter"])
        #expect(without.status == 0)
        #expect(without.output.contains("note: The description is shown as plain text"))
    }

    @Test func `a file that is not there is an error of one line`() async throws {
        let result = try await withFolder { try await Program.run("inspect", "nothing.whl", in: $0) }
        #expect(result.status == 1)
        #expect(result.errorLines == ["Error: There is no file nothing.whl."])
    }
}
