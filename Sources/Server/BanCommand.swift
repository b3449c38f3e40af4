import ArgumentParser
import Registry
import SQLDatabase

struct BanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban",
        abstract: "Places and mail domains that are kept out.",
        subcommands: [List.self, Address.self, EmailDomain.self, Lift.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Print everything that is banned, one a line.")

        @OptionGroup var options: IndexOptions

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            let (bans, domains) = try await assembly.index.database.read { (try $0.addressBans.list(), try $0.emailDomains.list()) }
            for ban in bans { print("address\t\(ban.place)\t\(ban.reason)") }
            for domain in domains { print("email-domain\t\(domain)") }
        }
    }

    struct Address: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "address",
            abstract: "Keep an address out: nobody logs in from there, and neither sessions nor tokens open anything."
        )

        @OptionGroup var options: IndexOptions

        @Argument(help: "An IPv4 address, or an IPv6 address, which stands for its /64.")
        var address: String

        @Option(help: "Why, for those who look at the list.")
        var reason = "banned on the command line"

        @Option(help: "For how many days (default: for ever).")
        var days: Int?

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            print(try await assembly.index.banAddress(address, reason: reason, days: days))
        }
    }

    struct EmailDomain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "email-domain",
            abstract: "Let no account use addresses of a mail domain, or of one below it."
        )

        @OptionGroup var options: IndexOptions

        @Argument var domain: String

        @Option(help: "Why.")
        var reason = "prohibited on the command line"

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            try await assembly.index.prohibitEmailDomain(domain, reason: reason)
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "lift", abstract: "End a ban, of an address or of a mail domain.")

        @OptionGroup var options: IndexOptions

        @Argument(help: "As `ban list` shows it.")
        var banned: String

        func run() async throws {
            let assembly = try await Assembly(try await options.settings())
            // Addresses have colons, or nothing but digits and dots.
            if banned.contains(":") || banned.allSatisfy({ $0.isNumber || $0 == "." }) {
                try await assembly.index.unbanAddress(banned)
            } else {
                try await assembly.index.allowEmailDomain(banned)
            }
        }
    }
}
