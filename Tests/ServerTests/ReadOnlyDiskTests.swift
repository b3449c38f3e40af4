// A disk that the system makes read-only under a running index, as it does when the disk fails.

import Foundation
import TestPrograms
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ReadOnlyDiskTests {
    private static let canMakeNamespaces = getuid() == 0 && ["/usr/bin/unshare", "/usr/bin/nsenter"].allSatisfy(FileManager.default.isExecutableFile)

    @Test(.enabled(if: canMakeNamespaces, "needs root, unshare and nsenter"))
    func `on a disk that became read-only readers notice nothing, publishers are told, and all is well when it is repaired`() async throws {
        try await withFolder { folder in
            let environment = [
                "EMPORIUM_SECRET_KEY": "a secret key that only this test knows well", "EMPORIUM_PYTHON": "/no/interpreter",
                // On another disk: no system makes one read-only at once that somebody writes to.
                "EMPORIUM_DATABASE_URL": "sqlite:\(folder)/emporium.sqlite",
            ]
            _ = try await Program.run("user", "create", "alice", "--email", "alice@example.org", in: folder, environment: environment)
            let token = try await Program.run("token", "create", "alice", in: folder, environment: environment)
            let authorization = "Bearer \(try #require(token.outputLines.first))"
            let data = "\(folder)/emporium-data"
            // A mount of its own, which only this process sees.
            let mount = #"mount --bind "$0" "$0" && exec "$@""#
            let program = try RunningProgram(
                ["serve", "--port", "0"],
                in: folder,
                environment: environment,
                under: ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", mount, data]
            )
            let client = WebClient(port: try await program.ready())
            func remount(_ how: String) async throws {
                let command = ["/usr/bin/nsenter", "--target", "\(program.processIdentifier)", "--mount"]
                let done = try await ChildProcess.run(command + ["/usr/bin/mount", "-o", "remount,bind,\(how)", data])
                #expect(done.ending == .exited(0), "\(done.errors)")
            }
            func publish(_ version: String) async throws -> RawResponse {
                try await client.upload(.wheel("demo", version), authorization: authorization)
            }
            #expect(try await publish("1.0").status == 200)
            let page = try await client.get("/simple/demo/").text
            let file = try #require(page.range(of: "/packages/[^\"#]*", options: .regularExpression).map { String(page[$0]) })

            try await remount("ro")
            let refused = try await publish("2.0")
            #expect(refused.status == 503, "\(refused.statusLine)")
            #expect(refused["Retry-After"] != nil)
            #expect(try await client.get("/simple/demo/").text == page)
            #expect(try await client.get("/simple/nothing/").status == 404)
            #expect(try await client.get(file).body == UploadBuilder.wheel("demo", "1.0").bytes)
            let ready = try await client.get("/_ready/")
            #expect(ready.status == 503 && ready.text.contains("can not be written"), "\(ready.text)")

            try await remount("rw")
            #expect(try await publish("2.0").status == 200)
            #expect(try await client.get("/simple/demo/").text.contains("demo-2.0-py3-none-any.whl"))
            try await waitUntil("it is ready again") { try await client.get("/_ready/").status == 200 }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(data)/incoming").isEmpty)
            program.signal(SIGTERM)
            #expect(try await program.result().status == 0)
        }
    }
}
