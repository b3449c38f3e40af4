import ArgumentParser
import Registry

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "user", abstract: "Users of the index.", subcommands: [Create.self, Password.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Create a user whose email address counts as verified.")

        @OptionGroup var options: IndexOptions

        @Argument(help: "The user's name.")
        var name: String

        @Option(help: "The user's email address.")
        var email: String

        @Flag(help: "May administer the site.")
        var admin = false

        @Flag(help: "Read a password from standard input; without it nobody can log in as this user.")
        var passwordStdin = false

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            let password = passwordStdin ? readLine(strippingNewline: true) : nil
            if passwordStdin, password == nil { throw CommandFailure("There is no password on standard input.") }
            let user = try await assembly.index.createUser(username: name, email: email, password: password, isSuperuser: admin)
            print("Created the user \(user.username).")
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password",
            abstract: "Set a user's password, read from standard input; wherever they are logged in, they are not any more."
        )

        @OptionGroup var options: IndexOptions

        @Argument(help: "The user's name.")
        var name: String

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            guard let password = readLine(strippingNewline: true) else { throw CommandFailure("There is no password on standard input.") }
            try await assembly.index.setPassword(of: name, to: password)
            print("The password of \(name) is set.")
        }
    }
}
