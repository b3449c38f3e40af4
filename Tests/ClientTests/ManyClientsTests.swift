import Foundation
import Testing

extension ClientTests {
    @Suite struct ManyClientsTests {
        var server: LiveServer { LiveServer.shared }

        @Test func `a hundred clients read pages and files while four publish, and nobody meets an error`() async throws {
            let folder = try TemporaryFolder()
            let server = server
            try await server.publishWheel("busy-project", "0", in: folder)
            let stop = folder.path("stop")
            let readers = try await Client("backends").start(
                "python",
                [Repository.script("many_clients.py"), server.simpleURL, "busy-project", "100", stop],
                in: folder
            )
            try await waitUntil(within: 30, "the clients to start") {
                FileManager.default.fileExists(atPath: "\(stop).started") || !readers.isRunning
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for publisher in 1...4 {
                    group.addTask {
                        let wheels = try await [
                            SamplePackages.wheel("busy-project", "\(publisher).1", padding: 100_000, into: folder),
                            SamplePackages.wheel("busy-project", "\(publisher).2", padding: 1000, into: folder),
                        ]
                        try await server.publish(wheels, in: folder)
                    }
                }
                try await group.waitForAll()
            }
            try folder.write("", to: "stop")
            let output = try await readers.finish(within: 60)
            #expect(output.status == 0, "\(output.description)")
            let rounds = try #require(Int(output.firstLine))
            #expect(rounds >= 100)
            #expect(!server.log.contains("locked"))

            let versions = try await Client("pip").run(
                "python",
                ["-m", "pip", "index", "versions", "busy-project", "--index-url", server.simpleURL],
                in: folder
            )
            #expect(versions.text.contains("Available versions: 4.2, 4.1, 3.2, 3.1, 2.2, 2.1, 1.2, 1.1, 0\n"))
        }
    }
}
