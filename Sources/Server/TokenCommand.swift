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

        @Option(help: "The one project it may publish to (default: all of the user's).")
        var project: String?

        @Option(help: "What to call it.")
        var name: String?

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            let description = name ?? "Made on the command line, no. \(assembly.index.clock.now())"
            print(try await assembly.index.createToken(for: user, NewToken(description: description, project: project, origin: .operator_)))
        }
    }
}
