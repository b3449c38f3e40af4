import Foundation
import Testing

extension ClientTests {
    @Suite struct TwineTests {
        var server: LiveServer { LiveServer.shared }

        @Test(arguments: BuildBackend.allCases) func `twine publishes what a build back end makes, and pip installs the wheel and reads the sdist`(
            backend: BuildBackend
        ) async throws {
            let folder = try TemporaryFolder()
            let files = try await SamplePackages.all.distributions(of: backend)
            try #require(files.count == 2)
            try await server.publish(files, in: folder)
            #expect(try await server.install(backend.projectName, in: folder) == "hello from \(backend.projectName)")
            // The back ends' environment has the back ends, but no pip: pip reads the sdist, and a build needs no other download.
            try await Client("pip").run(
                "python",
                [
                    "-m", "pip", "download", "--index-url", server.simpleURL, "--no-binary", ":all:", "--no-build-isolation", "--no-deps", "--dest",
                    "got", backend.projectName,
                ],
                in: folder,
                environment: ["PYTHONPATH": Client("backends").sitePackages()]
            )
            #expect(folder.contents(of: "got") == ["\(backend.moduleName)-1.0.tar.gz"])
        }

        @Test func `twine may publish the same file again`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await server.publishWheel("twine-repeated", in: folder)
            try await server.publish([wheel], in: folder, expecting: 0)
        }

        @Test func `twine is told that the file already exists when the bytes are others`() async throws {
            let folder = try TemporaryFolder()
            try await server.publishWheel("twine-clashing", says: "one", in: folder)
            let other = try await SamplePackages.wheel("twine-clashing", says: "two", into: folder, subfolder: "other")
            let output = try await server.publish([other], in: folder, expecting: 1)
            #expect(output.text.contains("File already exists ('twine_clashing-1.0-py3-none-any.whl', with blake2_256 hash '"))
            #expect(try await server.install("twine-clashing", in: folder) == "one")
        }

        @Test func `twine shows why a token is refused`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await SamplePackages.wheel("twine-refused", into: folder)
            var environment = server.twineEnvironment
            environment["TWINE_PASSWORD"] = "pypi-nobody-has-this-token"
            let command = ["upload", "--disable-progress-bar", wheel]
            let output = try await Client("twine").run("twine", command, in: folder, environment: environment, expecting: 1)
            #expect(output.text.contains("HTTPError: 403 Forbidden"))
            #expect(output.text.contains("Invalid or non-existent authentication information"))
        }
    }
}

extension Client {
    /// The folder of its environment's modules.
    func sitePackages() async throws -> String {
        try await run("python", ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], in: TemporaryFolder()).firstLine
    }
}
