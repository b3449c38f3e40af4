import Foundation
import Testing

/// twine has `--skip-existing` for the public indexes alone, by their names. Here these names lead to our server, within a network namespace that
/// nothing leaves.
@Suite(.timeLimit(.minutes(5))) struct SkipExistingTests {
    private static let canMakeNamespaces = getuid() == 0 && ["/usr/bin/unshare", "/usr/bin/nsenter"].allSatisfy(FileManager.default.isExecutableFile)

    /// What twine's modules have for default URLs.
    private static let namesInTwine = """
        import urllib.parse, twine.utils, twine.repository
        urls = [v for m in (twine.utils, twine.repository) for v in vars(m).values() if isinstance(v, str) and v.startswith("https://")]
        print(*sorted({urllib.parse.urlsplit(url).hostname for url in urls}))
        """

    @Test(.enabled(if: canMakeNamespaces, "needs root, unshare and nsenter"))
    func `twine skips an existing file at the address of the public index`() async throws {
        let folder = try TemporaryFolder()
        let twine = try await Client("twine")
        let hosts = try await twine.run("python", ["-c", Self.namesInTwine], in: folder).firstLine.split(separator: " ").map(String.init)
        try #require(!hosts.isEmpty)
        try folder.write("127.0.0.1 localhost \(hosts.joined(separator: " "))\n", to: "hosts")

        // The namespaces are the server's process's own, and go with it.
        let script = #"ip link set lo up && mount --bind "$0" /etc/hosts && exec "$@""#
        let site = try await LiveServer.Site(mayUsePostgres: false)
        let server = try await LiveServer(
            serving: site,
            under: ["/usr/bin/unshare", "--net", "--mount", "/bin/sh", "-c", script, folder.path("hosts")]
        )
        let inside = ["/usr/bin/nsenter", "--net", "--mount", "--target", String(server.processIdentifier), "--wd=\(folder.url.path)", "--"]
        let authority = folder.path("authority.pem")
        let front = try await Client("tls").start(
            "python",
            [Repository.script("tls_front.py"), server.port, authority] + hosts,
            in: folder,
            under: inside
        )
        defer { front.send(SIGKILL) }
        try await waitUntil(within: 30, "TLS: \(front.text)") { FileManager.default.fileExists(atPath: authority) }

        var environment = server.twineEnvironment
        environment["TWINE_REPOSITORY_URL"] = nil
        environment["REQUESTS_CA_BUNDLE"] = authority
        func upload(_ file: String, _ options: String..., expecting status: Int32) async throws -> CommandOutput {
            let command = ["upload", "--disable-progress-bar"] + options + [file]
            return try await twine.run("twine", command, in: folder, environment: environment, under: inside, expecting: status)
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
