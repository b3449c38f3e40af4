import Foundation
import TestSupport
import Testing

/// bandersnatch copies an index: everything at first, then what has changed.
@Suite(.timeLimit(.minutes(10))) struct BandersnatchTests {
    private static let projects = 200

    private struct Mirror {
        let client: Client
        let folder: TemporaryFolder
        let server: LiveServer

        var web: String { "mirror/web" }

        /// - Parameter method: how it learns what there is: `xmlrpc` or `simple`.
        init(of server: LiveServer, by method: String) async throws {
            client = try await Client("bandersnatch")
            folder = try TemporaryFolder()
            self.server = server
            try FileManager.default.createDirectory(atPath: folder.path("mirror"), withIntermediateDirectories: true)
            try configure(server.url, method)
        }

        /// - Parameters:
        ///   - master: the address of the index.
        ///   - method: `xmlrpc` or `simple`.
        func configure(_ master: String, _ method: String) throws {
            try folder.write(
                """
                [mirror]
                directory = \(folder.path("mirror"))
                master = \(master)
                allow-non-https = true
                api-method = \(method)
                json = true
                release-files = true
                cleanup = false
                timeout = 30
                workers = 5
                verifiers = 3
                hash-index = false
                simple-format = ALL
                stop-on-error = true
                storage-backend = filesystem
                compare-method = hash
                """,
                to: "bandersnatch.conf"
            )
        }

        @discardableResult
        func run(_ command: String..., environment: [String: String] = [:]) async throws -> CommandOutput {
            let command = ["-c", folder.path("bandersnatch.conf")] + command
            return try await client.run("bandersnatch", command, in: folder, environment: environment, within: 300)
        }

        /// The SHA-256 of each file, by name.
        func files() async throws -> [String: String] {
            let script = """
                import hashlib, json, pathlib, sys
                files = [f for f in pathlib.Path(sys.argv[1], "packages").rglob("*") if f.is_file()]
                print(json.dumps({f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}))
                """
            let output = try await client.run("python", ["-c", script, folder.path(web)], in: folder)
            return try JSONDecoder().decode([String: String].self, from: Data(output.standardOutput.utf8))
        }

        /// The serial up to which it has everything.
        var serial: String { get throws { try String(contentsOfFile: folder.path("mirror/status"), encoding: .utf8) } }
    }

    private struct Page: Decodable {
        struct File: Decodable {
            let filename: String
            let hashes: [String: String]
        }

        let files: [File]
    }

    private struct List: Decodable {
        struct Project: Decodable { let name: String }

        let projects: [Project]
    }

    private static let json: KeyValuePairs<String, String> = ["Accept": "application/vnd.pypi.simple.v1+json"]

    /// The SHA-256 of each file of the index, by name.
    private func files(of client: WebClient) async throws -> [String: String] {
        let list = try JSONDecoder().decode(List.self, from: Data(try await client.get("/simple/", Self.json).body))
        var files: [String: String] = [:]
        for project in list.projects {
            let page = try JSONDecoder().decode(Page.self, from: Data(try await client.get("/simple/\(project.name.lowercased())/", Self.json).body))
            for file in page.files { files[file.filename] = file.hashes["sha256"] }
        }
        return files
    }

    @Test(arguments: ["xmlrpc", "simple"]) func `bandersnatch mirrors the index, then what has changed, and finds it whole`(method: String)
        async throws
    {
        let server = try await LiveServer()
        let seeded = try await server.run("seed", "--projects", String(Self.projects), "--releases", "1", within: 300)
        try #require(seeded.status == 0, "\(seeded.description)")
        let client = WebClient(port: try #require(Int(server.port)))
        let mirror = try await Mirror(of: server, by: method)

        #expect(try await mirror.run("mirror").text.contains(" \(Self.projects) packages to sync."))
        let first = try await files(of: client)
        #expect(first.count == 2 * Self.projects)
        #expect(try await mirror.files() == first)
        #expect(mirror.folder.contents(of: "\(mirror.web)/simple").filter { !$0.hasPrefix("index") }.count == Self.projects)
        #expect(mirror.folder.contents(of: "\(mirror.web)/json").count == Self.projects)
        let serial = try mirror.serial
        #expect(try await client.get("/simple/")["X-PyPI-Last-Serial"] == serial)

        // One project is new, and one has a new release: nothing else is asked for again.
        let folder = try TemporaryFolder()
        let known = try #require(mirror.folder.contents(of: "\(mirror.web)/json").first)
        let token = try await server.run("token", "create", "seed").firstLine
        for project in ["brand-new-project", known] {
            let wheel = try await SamplePackages.wheel(project, "99.0", into: folder)
            try await Client("twine").run(
                "twine",
                ["upload", "--disable-progress-bar", wheel],
                in: folder,
                environment: server.twineEnvironment.merging(["TWINE_PASSWORD": token]) { $1 }
            )
        }
        let next = try await mirror.run("mirror")
        let second = try await files(of: client)
        #expect(second.count == first.count + 2)
        #expect(try await mirror.files() == second)
        #expect(try mirror.serial != serial)
        #expect(next.text.contains(" 2 packages to sync.") && next.text.contains("brand-new-project"), "\(next.description)")

        // A damaged and a missing file are found and fetched again.
        let paths = try await mirror.client.run(
            "python",
            [
                "-c", "import pathlib, sys; print(*sorted(str(f) for f in pathlib.Path(sys.argv[1]).rglob('*.whl'))[:2])",
                mirror.folder.path(mirror.web),
            ],
            in: mirror.folder
        ).firstLine.split(separator: " ").map(String.init)
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: paths[0]))
        try FileManager.default.removeItem(atPath: paths[1])
        // It verifies over HTTPS alone.
        let port = try SparePort.find()
        let front = try await TLSFront(of: server, port: port, ["localhost"], in: mirror.folder)
        try mirror.configure("https://localhost:\(port)", method)
        try await mirror.run("verify", "--json-update", "--delete", environment: ["SSL_CERT_FILE": front.authority])
        #expect(try await mirror.files() == second)
        withExtendedLifetime(front) {}
        try await server.stop()
    }
}
