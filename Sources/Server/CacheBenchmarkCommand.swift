import ArgumentParser
import Backends

/// For `dev/bench`: how many commands a second the client gets through.
struct CacheBenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache-benchmark",
        abstract: "Ask a Redis as fast as it goes; print commands a second.",
        shouldDisplay: false
    )

    @Argument(help: "redis://…")
    var url: String

    @Option(help: "How many callers ask at once, each waiting for its answer.")
    var callers = 32

    @Option(help: "How long, in seconds.")
    var seconds = 2.0

    func run() async throws {
        let location: RedisLocation
        do throws(RedisLocation.Fault) {
            location = try RedisLocation(url)
        } catch {
            throw CommandFailure("The URL is not valid: \(error).")
        }
        let client = try RedisClient(location)
        defer { client.close() }
        let value = RedisWord(Array(repeating: UInt8(ascii: "x"), count: 100))
        _ = try await client.run(RedisCommand(["SET", "emporium:benchmark", value, "PX", "60000"]))
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var count = 0
                    while .now < end {
                        for _ in 0..<100 {
                            guard try await client.run(RedisCommand(["GET", "emporium:benchmark"])).bytes == value.bytes else {
                                throw CommandFailure("It answered something else.")
                            }
                        }
                        count += 100
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        print(Double(count) / ((ContinuousClock.now - begin) / .seconds(1)))
    }
}
