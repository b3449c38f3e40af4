import ArgumentParser
import Backends
import Foundation

/// For `dev/bench`: how fast a large file goes to a storage and comes back.
struct StorageBenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage-benchmark",
        abstract: "Store a file and read it again; print seconds for each.",
        shouldDisplay: false
    )

    @Argument(help: "s3://…")
    var url: String

    @Argument(help: "The file.")
    var file: String

    @Option(help: "How often.")
    var rounds = 3

    func run() async throws {
        ProcessorCount.useForEventLoops()
        let location: S3Location
        do throws(S3Fault) {
            location = try S3Location(url)
        } catch {
            throw CommandFailure("The URL is not valid: \(error).")
        }
        let credentials = try S3Credentials.find(profile: location.profile, environment: ProcessInfo.processInfo.environment)
        let storage = S3Storage(location, credentials: credentials)
        for _ in 0..<rounds {
            let path = try StoragePath("benchmark-\(UInt64.random(in: 0 ... .max))")
            var begin = ContinuousClock.now
            try await storage.put(fileAt: file, at: path)
            let sent = (ContinuousClock.now - begin) / .seconds(1)
            begin = .now
            let stored = try await storage.open(path)
            var count = 0
            // As the server passes it on.
            for try await piece in stored.chunks(ofBytes: 256 << 10) { count += piece.count }
            guard Int64(count) == stored.size else { throw CommandFailure("\(count) of \(stored.size) bytes came back.") }
            print(sent, (ContinuousClock.now - begin) / .seconds(1))
            try await storage.delete(path)
        }
    }
}
