// The command line.

import ArgumentParser
import Foundation
import Glibc

/// `emporium`: a Python package index.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emporium",
        abstract: "A Python package index that anyone can run.",
        discussion: "Settings come from flags, then EMPORIUM_* in the environment, then emporium.yaml; `emporium check` shows them all.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, WorkCommand.self, MigrateCommand.self, UserCommand.self, TokenCommand.self, BanCommand.self, CheckCommand.self,
            InspectCommand.self,
            SeedCommand.self, BackupCommand.self, VerifyCommand.self, RestoreCommand.self, MigrateEngineCommand.self, ReadOnlyCommand.self,
            StorageCommand.self,
            DataCommand.self, CacheBenchmarkCommand.self, DatabaseBenchmarkCommand.self, StorageBenchmarkCommand.self,
        ]
    )

    /// Runs a command, and ends without what libraries leave to be done at the end of a program: OpenSSL's takes away what threads that are just ending still
    /// hold, and a program whose work is done would die of a double free.
    static func main() async {
        // What is written here is for the user that runs the program alone: hashes of passwords, addresses, sealed keys.
        umask(0o077)
        var code: Int32 = 0
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            code = exitCode(for: error).rawValue
            let message = fullMessage(for: error)
            let stream = code == 0 ? FileHandle.standardOutput : FileHandle.standardError
            if !message.isEmpty { stream.write(Data("\(message)\n".utf8)) }
        }
        fflush(nil)
        _exit(code)
    }
}

/// The options of every command that opens the index.
struct IndexOptions: ParsableArguments {
    @Option(help: "The folder that holds everything (default: ./emporium-data).")
    var data: String?

    @Option(help: "A file of settings (default: emporium.yaml, if it is there).")
    var config: String?

    /// Reads all settings, and logs as they say from then on; flags win over the environment, which wins over the file.
    func settings(_ flags: [String: String?] = [:]) async throws -> Settings {
        var flags = flags.compactMapValues { $0 }
        flags["data"] = data
        let settings = try await Settings.read(flags: flags, file: config)
        Telemetry.start(settings.logFormat)
        return settings
    }
}

/// A failure told in one line.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
