import Foundation
import Testing

extension ClientTests {
    /// Tools that publish with code of their own, not twine's.
    @Suite struct PublisherTests {
        var server: LiveServer { LiveServer.shared }

        @Test func `poetry publishes`() async throws {
            let (folder, project) = try await project("published-by-poetry", .poetry)
            let environment = [
                "POETRY_REPOSITORIES_EMPORIUM_URL": server.uploadURL, "POETRY_HTTP_BASIC_EMPORIUM_USERNAME": "__token__",
                "POETRY_HTTP_BASIC_EMPORIUM_PASSWORD": server.token, "POETRY_VIRTUALENVS_CREATE": "false", "POETRY_KEYRING_ENABLED": "false",
            ]
            try await Client("poetry").run(
                "poetry",
                ["publish", "--no-interaction", "--repository", "emporium", "--directory", project],
                in: folder,
                environment: environment
            )
            try await expectInstalled("published-by-poetry", in: folder)
        }

        @Test func `pdm publishes`() async throws {
            let (folder, project) = try await project("published-by-pdm", .hatchling)
            let environment = ["PDM_CHECK_UPDATE": "false", "PDM_PUBLISH_USERNAME": "__token__", "PDM_PUBLISH_PASSWORD": server.token]
            try await Client("pdm").run(
                "pdm",
                ["publish", "--project", project, "--no-build", "--repository", server.uploadURL],
                in: folder,
                environment: environment
            )
            try await expectInstalled("published-by-pdm", in: folder)
        }

        @Test func `hatch publishes`() async throws {
            let (folder, project) = try await project("published-by-hatch", .hatchling)
            let environment = ["HATCH_INDEX_REPO": server.uploadURL, "HATCH_INDEX_USER": "__token__", "HATCH_INDEX_AUTH": server.token]
            try await Client("hatch").run("hatch", ["--no-interactive", "publish", "\(project)/dist"], in: folder, environment: environment)
            try await expectInstalled("published-by-hatch", in: folder)
        }

        @Test func `flit publishes`() async throws {
            let (folder, project) = try await project("published-by-flit", .flit, isBuilt: false)
            let environment = ["FLIT_INDEX_URL": server.uploadURL, "FLIT_USERNAME": "__token__", "FLIT_PASSWORD": server.token]
            try await Client("flit").run(
                "flit",
                ["--ini-file", "\(project)/pyproject.toml", "publish", "--no-use-vcs"],
                in: folder,
                environment: environment
            )
            try await expectInstalled("published-by-flit", in: folder)
        }

        /// The sources of a project in a folder of their own and, for tools that would fetch a back end to build them, the distributions.
        private func project(_ name: String, _ backend: BuildBackend, isBuilt: Bool = true) async throws -> (TemporaryFolder, path: String) {
            let folder = try TemporaryFolder()
            try backend.writeProject(to: folder, in: name, named: name)
            if isBuilt { try await Client("backends").run("python", ["-m", "build", "--no-isolation", folder.path(name)], in: folder) }
            return (folder, folder.path(name))
        }

        private func expectInstalled(_ project: String, in folder: TemporaryFolder) async throws {
            #expect(try await server.install(project, in: folder) == "hello from \(project)")
            // The page lists the sdist too.
            let page = try await Client("pip").run(
                "python",
                ["-c", "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())", "\(server.simpleURL)\(project)/"],
                in: folder
            )
            let module = project.replacingOccurrences(of: "-", with: "_")
            #expect(page.text.contains(">\(module)-1.0.tar.gz</a>"))
            #expect(page.text.contains(">\(module)-1.0-py3-none-any.whl</a>"))
        }
    }
}
