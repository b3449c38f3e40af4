import ArgumentParser
import PostgresEngine
import SQLDatabase

/// For `dev/bench`: how many look-ups by primary key get through a pool, in the tables that pgbench makes.
struct DatabaseBenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database-benchmark",
        abstract: "Ask a PostgreSQL as fast as it goes; print look-ups a second.",
        shouldDisplay: false
    )

    @Argument(help: "postgres://…")
    var url: String

    @Option(help: "How many callers ask at once, each waiting for its answer.")
    var callers = 32

    @Option(help: "How many connections they share.")
    var connections = 8

    @Option(help: "How long, in seconds.")
    var seconds = 2.0

    func run() async throws {
        ProcessorCount.useForEventLoops()
        var options = PostgresDatabase.Options()
        options.connections = connections
        let database = PostgresDatabase(url: url, options: options)
        let rows: Int = try await database.query("SELECT COUNT(*) AS n FROM pgbench_accounts")[0][at: 0]
        let begin = ContinuousClock.now
        let end = begin + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var count = 0
                    while .now < end {
                        for _ in 0..<20 {
                            let id = Int64.random(in: 1...Int64(rows))
                            let found = try await database.query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
                            guard found.count == 1 else { throw CommandFailure("Account \(id) is missing.") }
                        }
                        count += 20
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        print(Double(count) / ((ContinuousClock.now - begin) / .seconds(1)))
        await database.close()
    }
}
