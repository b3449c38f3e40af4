import ArgumentParser
import Foundation
import Packaging
import Registry

struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "data", abstract: "Lists that others publish.", subcommands: [Update.self])

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Refresh classifiers, names of the standard library, licence identifiers and popular names.",
            discussion: """
                The lists are read from packages installed for the interpreter that EMPORIUM_PYTHON names (default: python3): trove-classifiers, stdlib-list, \
                license-expression, and guarddog for popular names. Lists of packages that are not installed stay as they are. A running index goes by the \
                new lists from its next upload on.
                """
        )

        @OptionGroup var options: IndexOptions

        func run() async throws {
            let settings = try await options.settings()
            let collected = try await IdentifierPackages(python: settings.python).collect()
            let assembly = try await Assembly(settings)
            let refreshed = try await assembly.index.refreshIdentifiers(collected.lists)
            for list in refreshed {
                print("\(Self.padded(list.list.rawValue))\(list.before) → \(list.after)  (\(list.source))")
            }
            for (list, package) in collected.missing.sorted(by: { $0.key < $1.key }) {
                print("\(Self.padded(list))unchanged: \(settings.python) has no package \(package)")
            }
            if refreshed.isEmpty {
                throw CommandFailure(
                    "No list was refreshed: install trove-classifiers, stdlib-list, license-expression or guarddog for \(settings.python)."
                )
            }
        }

        private static func padded(_ text: String) -> String { text.padding(toLength: 24, withPad: " ", startingAt: 0) }
    }
}
