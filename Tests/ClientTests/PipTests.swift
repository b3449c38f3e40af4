import Foundation
import Testing

extension ClientTests {
    @Suite struct PipTests {
        var server: LiveServer { LiveServer.shared }

        @Test func `pip installs a project with the project that it requires`() async throws {
            let folder = try TemporaryFolder()
            try await server.publishWheel("pip-needed", says: "needed", in: folder)
            try await server.publishWheel("pip-needing", says: "needing", requires: ["pip-needed>=1"], in: folder)
            #expect(try await server.install("pip-needing", in: folder) == "needing")
            #expect(try await server.run("pip-needed", with: Client("pip"), in: folder) == "needed")
        }

        @Test(arguments: ["pip-20.3", "pip-22.3", "pip-23.3"]) func `old pips install`(pip: String) async throws {
            let folder = try TemporaryFolder()
            let project = "old-" + pip.replacingOccurrences(of: ".", with: "-")
            try await server.publishWheel(project, says: "hello, \(pip)", in: folder)
            #expect(try await server.install(project, with: pip, in: folder) == "hello, \(pip)")
        }

        @Test func `pip downloads the very bytes that were published`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await server.publishWheel("pip-downloaded", in: folder)
            try await Client("pip").run(
                "python",
                ["-m", "pip", "download", "--index-url", server.simpleURL, "--dest", "got", "pip-downloaded"],
                in: folder
            )
            let name = URL(fileURLWithPath: wheel).lastPathComponent
            #expect(folder.contents(of: "got") == [name])
            #expect(FileManager.default.contentsEqual(atPath: wheel, andPath: folder.path("got/\(name)")))
        }

        @Test func `pip installs what has the required hash, and refuses what has not`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await server.publishWheel("pip-hashed", in: folder)
            let hash = try await sha256(of: wheel, in: folder)
            let command = ["-m", "pip", "install", "--index-url", server.simpleURL, "--require-hashes", "--target"]

            try folder.write("pip-hashed==1.0 --hash=sha256:\(String(repeating: "0", count: 64))\n", to: "wrong.txt")
            let refused = try await Client("pip").run("python", command + ["wrong", "-r", "wrong.txt"], in: folder, expecting: 1)
            #expect(refused.text.contains("DO NOT MATCH THE HASHES") || refused.text.contains("No matching distribution"))
            #expect(folder.contents(of: "wrong").isEmpty)

            try folder.write("pip-hashed==1.0 --hash=sha256:\(hash)\n", to: "right.txt")
            try await Client("pip").run("python", command + ["right", "-r", "right.txt"], in: folder)
            #expect(folder.contents(of: "right").contains("pip_hashed"))
        }

        @Test func `pip installs a release that was there by the given time, and does not see it at an earlier one`() async throws {
            let folder = try TemporaryFolder()
            try await server.publishWheel("pip-dated", in: folder)
            let pip = try await Client("pip")
            let command = [
                "-m", "pip", "install", "--index-url", server.simpleURL, "--target", folder.path("site"), "pip-dated", "--uploaded-prior-to",
            ]
            let refused = try await pip.run("python", command + ["2020-01-01T00:00:00Z"], in: folder, expecting: 1)
            #expect(refused.text.contains("No matching distribution found for pip-dated"))
            try await pip.run("python", command + ["2999-01-01T00:00:00Z"], in: folder)
            #expect(folder.contents(of: "site").contains("pip_dated"))
        }

        @Test func `pip resolves from the metadata file, without the wheel`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await server.publishWheel("pip-resolved", says: "resolved", in: folder)
            let command = ["-m", "pip", "install", "--index-url", server.simpleURL, "--dry-run", "--report", "report.json", "pip-resolved"]
            let output = try await Client("pip").run("python", command, in: folder)
            #expect(output.text.contains("pip_resolved-1.0-py3-none-any.whl.metadata"))
            #expect(!output.text.contains("Downloading pip_resolved-1.0-py3-none-any.whl ("))

            let report = try #require(
                JSONSerialization.jsonObject(with: Data(contentsOf: folder.url.appendingPathComponent("report.json"))) as? [String: Any]
            )
            let install = try #require((report["install"] as? [[String: Any]])?.first)
            let hashes = ((install["download_info"] as? [String: Any])?["archive_info"] as? [String: Any])?["hashes"] as? [String: String]
            #expect(try await hashes?["sha256"] == sha256(of: wheel, in: folder))
            #expect((install["metadata"] as? [String: Any])?["version"] as? String == "1.0")
        }

        @Test func `pip index lists the versions, the latest first, and pre-releases when asked`() async throws {
            let folder = try TemporaryFolder()
            for version in ["1.9", "1.10", "2.0rc1"] { try await server.publishWheel("pip-versioned", version, in: folder) }
            let command = ["-m", "pip", "index", "versions", "pip-versioned", "--index-url", server.simpleURL]
            #expect(try await Client("pip").run("python", command, in: folder).text.contains("Available versions: 1.10, 1.9\n"))
            #expect(try await Client("pip").run("python", command + ["--pre"], in: folder).text.contains("Available versions: 2.0rc1, 1.10, 1.9\n"))
        }

        @Test func `pip picks and installs a wheel of many tags`() async throws {
            let folder = try TemporaryFolder()
            let tags = "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"
            let wheels = [
                try await SamplePackages.wheel("demo-ext", tags: tags, says: "linux", into: folder),
                try await SamplePackages.wheel("demo-ext", tags: "cp311-cp311-win_amd64", says: "windows", into: folder),
                try await SamplePackages.wheel("demo-ext", tags: "cp39.cp310-abi3.none-macosx_11_0_arm64", says: "macos", into: folder),
            ]
            try await server.publish(wheels, in: folder)
            // Named by its platform, so that it installs on any machine that runs these tests.
            let options = [
                "--only-binary", ":all:", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--platform",
                "manylinux2014_x86_64",
            ]
            #expect(try await server.install("demo-ext", options, in: folder) == "linux")
        }

        @Test func `pip says that there is no such project`() async throws {
            let folder = try TemporaryFolder()
            let command = ["-m", "pip", "install", "--index-url", server.simpleURL, "--target", "site", "nobody-published-this"]
            let output = try await Client("pip").run("python", command, in: folder, expecting: 1)
            #expect(output.text.contains("No matching distribution found for nobody-published-this"))
        }
    }
}
