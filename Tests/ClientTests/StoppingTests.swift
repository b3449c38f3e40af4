import Foundation
import Testing

/// What becomes of an upload when the server stops. Each test has a server of its own.
@Suite(.timeLimit(.minutes(5))) struct StoppingTests {
    @Test func `an upload under way when the server is asked to stop is finished first`() async throws {
        let folder = try TemporaryFolder()
        let server = try await LiveServer()
        let upload = try await HaltedUpload("drained-project", to: server, in: folder)

        server.send(SIGTERM)
        try await Task.sleep(for: .seconds(1))
        #expect(server.isRunning)
        try upload.release()
        let uploaded = try await upload.finish()
        #expect(uploaded.status == 0, "\(uploaded.description)")
        let stopped = try await server.finish(within: 30)
        #expect(stopped.status == 0, "\(stopped.description)")

        let next = try await LiveServer(serving: server.site)
        #expect(try await next.install("drained-project", in: folder) == "hello")
        try await next.stop()
    }

    @Test func `an upload cut short by a crash leaves no trace, and succeeds when it is tried again`() async throws {
        let folder = try TemporaryFolder()
        let server = try await LiveServer()
        try await server.publishWheel("crashed-project", "0.9", says: "before", in: folder)
        let upload = try await HaltedUpload("crashed-project", to: server, in: folder)

        server.send(SIGKILL)
        _ = try await server.finish()
        try upload.release()
        let uploaded = try await upload.finish()
        #expect(uploaded.status != 0)

        let next = try await LiveServer(serving: server.site)
        let versions = ["-m", "pip", "index", "versions", "crashed-project", "--index-url", next.simpleURL]
        #expect(try await Client("pip").run("python", versions, in: folder).text.contains("Available versions: 0.9\n"))
        #expect(try await next.install("crashed-project", in: folder) == "before")

        try await next.publish([upload.file], in: folder)
        #expect(try await next.install("crashed-project", requirement: "crashed-project==1.0", ["--upgrade"], in: folder) == "hello")
        try await next.stop()
    }
}

/// A twine in the middle of its upload, behind a proxy that has stopped forwarding.
private struct HaltedUpload {
    let file: String
    private let folder: TemporaryFolder
    private let proxy: RunningCommand
    private let twine: RunningCommand

    init(_ project: String, to server: LiveServer, in folder: TemporaryFolder) async throws {
        let file = try await SamplePackages.wheel(project, padding: 4_000_000, into: folder)
        let (go, halted) = (folder.path("go"), folder.path("halted"))
        let proxy = try await Client("backends").start(
            "python",
            ["-u", Repository.script("halting_proxy.py"), server.port, "2000000", go, halted],
            in: folder
        )
        try await waitUntil(within: 30, "the proxy") { proxy.text.contains("\n") || !proxy.isRunning }
        let port = proxy.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let environment = server.twineEnvironment.merging(["TWINE_REPOSITORY_URL": "http://127.0.0.1:\(port)/legacy/"]) { $1 }
        let twine = try await Client("twine").start("twine", ["upload", "--disable-progress-bar", file], in: folder, environment: environment)
        try await waitUntil(within: 60, "the upload to be half-way: \(twine.text)\(proxy.text)") { FileManager.default.fileExists(atPath: halted) }
        // The proxy has sent it; the server may still have to read it.
        try await waitUntil(within: 60, "the server to take the upload in") {
            try !FileManager.default.contentsOfDirectory(atPath: "\(server.site.data)/incoming").isEmpty
        }
        self.file = file
        self.folder = folder
        self.proxy = proxy
        self.twine = twine
    }

    func release() throws { try folder.write("", to: "go") }

    func finish() async throws -> CommandOutput {
        defer { proxy.send(SIGKILL) }
        return try await twine.finish(within: 60)
    }
}
