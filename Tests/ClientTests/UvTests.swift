import Foundation
import Testing

extension ClientTests {
    @Suite struct UvTests {
        var server: LiveServer { LiveServer.shared }

        @Test func `uv pip install installs a project with the project that it requires`() async throws {
            let folder = try TemporaryFolder()
            try await server.publishWheel("uv-needed", says: "needed", in: folder)
            try await server.publishWheel("uv-needing", says: "needing", requires: ["uv-needed"], in: folder)
            let uv = try await Client("uv")
            try await uv.run(
                "uv",
                ["pip", "install", "--default-index", server.simpleURL, "--target", folder.path("site"), "uv-needing"],
                in: folder
            )
            #expect(try await server.run("uv-needing", with: uv, in: folder) == "needing")
            #expect(try await server.run("uv-needed", with: uv, in: folder) == "needed")
        }

        @Test func `uv sync installs a project's requirements from its index, and locks where they came from`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await server.publishWheel("uv-synced", in: folder)
            try folder.write(
                """
                [project]
                name = "consumer"
                version = "0"
                requires-python = ">=3.8"
                dependencies = ["uv-synced"]

                [[tool.uv.index]]
                name = "emporium"
                url = "\(server.simpleURL)"
                default = true
                """,
                to: "consumer/pyproject.toml"
            )
            let uv = try await Client("uv")
            try await uv.run("uv", ["sync", "--project", folder.path("consumer")], in: folder)
            let lock = try String(contentsOfFile: folder.path("consumer/uv.lock"), encoding: .utf8)
            #expect(
                lock.contains("source = { registry = \"\(server.simpleURL)\" }") || lock.contains("source = { registry = \"\(server.url)/simple\" }")
            )
            #expect(try await lock.contains("hash = \"sha256:\(sha256(of: wheel, in: folder))\""))
            #expect(lock.contains("upload-time = "))
            let said = try await uv.run(
                "uv",
                ["run", "--frozen", "--project", folder.path("consumer"), "python", "-c", "import uv_synced; uv_synced.main()"],
                in: folder
            )
            #expect(said.firstLine == "hello")
        }

        @Test func `uv publish publishes, and uploads nothing when what it finds is the same`() async throws {
            let folder = try TemporaryFolder()
            let wheel = try await SamplePackages.wheel("uv-published", says: "from uv", into: folder)
            let uv = try await Client("uv")
            let command = ["publish", "--publish-url", server.uploadURL, "--check-url", server.simpleURL, "--token", server.token, wheel]
            let first = try await uv.run("uv", command, in: folder)
            #expect(first.text.contains("Uploading uv_published-1.0-py3-none-any.whl"))
            #expect(try await server.install("uv-published", in: folder) == "from uv")
            let second = try await uv.run("uv", command, in: folder)
            #expect(!second.text.contains("Uploading uv_published"))
            #expect(second.text.contains("already exists, skipping"))
        }

        @Test func `uv publish refuses other bytes under a name that is taken`() async throws {
            let folder = try TemporaryFolder()
            try await server.publishWheel("uv-clashing", says: "one", in: folder)
            let other = try await SamplePackages.wheel("uv-clashing", says: "two", into: folder, subfolder: "other")
            let output = try await Client("uv").run(
                "uv",
                ["publish", "--publish-url", server.uploadURL, "--token", server.token, other],
                in: folder,
                expecting: 2
            )
            #expect(output.text.contains("File already exists"))
        }
    }
}
