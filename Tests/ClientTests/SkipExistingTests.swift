import Foundation
import Testing

/// twine has `--skip-existing` for the public indexes alone, by their names. Here these names lead to our server, within a network namespace that
/// nothing leaves.
@Suite(.timeLimit(.minutes(5))) struct SkipExistingTests {
    /// What twine's modules have for default URLs.
    private static let namesInTwine = """
        import urllib.parse, twine.utils, twine.repository
        urls = [v for m in (twine.utils, twine.repository) for v in vars(m).values() if isinstance(v, str) and v.startswith("https://")]
        print(*sorted({urllib.parse.urlsplit(url).hostname for url in urls}))
        """

    @Test(.enabled(if: BorrowedNames.isPossible, "needs root, unshare and nsenter"))
    func `twine skips an existing file at the address of the public index`() async throws {
        let folder = try TemporaryFolder()
        let twine = try await Client("twine")
        let hosts = try await twine.run("python", ["-c", Self.namesInTwine], in: folder).firstLine.split(separator: " ").map(String.init)
        try #require(!hosts.isEmpty)
        let names = try await BorrowedNames(hosts, serving: LiveServer.Site(mayUsePostgres: false), in: folder)
        let server = names.server
        var environment = server.twineEnvironment
        environment["TWINE_REPOSITORY_URL"] = nil
        environment["REQUESTS_CA_BUNDLE"] = names.authority
        func upload(_ file: String, _ options: String..., expecting status: Int32) async throws -> CommandOutput {
            let command = ["upload", "--disable-progress-bar"] + options + [file]
            return try await twine.run("twine", command, in: folder, environment: environment, under: names.inside, expecting: status)
        }
        let first = try await SamplePackages.wheel("skipped-project", says: "one", into: folder)
        let other = try await SamplePackages.wheel("skipped-project", says: "two", into: folder, subfolder: "other")
        _ = try await upload(first, expecting: 0)
        #expect(try await upload(other, expecting: 1).text.contains("File already exists"))
        let skipped = try await upload(other, "--skip-existing", expecting: 0)
        #expect(skipped.text.contains("Skipping skipped_project-1.0-py3-none-any.whl because it appears to already exist"))
        try await server.stop()
    }
}
