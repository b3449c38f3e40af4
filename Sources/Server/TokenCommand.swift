import ArgumentParser
import Registry

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "token", abstract: "API tokens.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make an API token and print it, and nothing else, on standard output. It is shown once."
        )

        @OptionGroup var options: IndexOptions

        @Argument(help: "The user it belongs to.")
        var user: String

        @Option(help: "A project it may publish to; may be given several times (default: all of the user's).")
        var project: [String] = []

        @Option(help: "What it may do: read, upload (which reads, too), or manage.")
        var reach = NewToken.Reach.upload

        @Option(help: "A network it works from, such as 192.0.2.0/24; may be given several times (default: everywhere).")
        var network: [String] = []

        @Option(help: "After how many days it ends (default: never).")
        var days: Int?

        @Option(help: "What to call it.")
        var name: String?

        func validate() throws {
            if let days, !(1...3650).contains(days) { throw ValidationError("A token may end after 1 to 3650 days.") }
        }

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            let now = assembly.index.clock.now()
            let new = NewToken(
                description: name ?? "Made on the command line, no. \(now)",
                projects: project,
                reach: reach,
                networks: network,
                expiresAt: days.map { now + Int64($0) * 86400 * 1_000_000 },
                origin: .operator_
            )
            print(try await assembly.index.createToken(for: user, new))
        }
    }
}

extension NewToken.Reach: ExpressibleByArgument {}
