import ArgumentParser
import Backends
import Foundation
import Registry
import SQLDatabase

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make an empty place what a backup says, on either database.",
        discussion: "It can be stopped and run again; until it is done, nothing can be published there."
    )

    @OptionGroup var options: IndexOptions

    @Argument(help: "Where the backup is: a folder, file:DIR or s3://….")
    var source: StoragePlace

    @Option(help: "Which backup (default: the newest).")
    var generation: String?

    @Flag(help: "Go on with another secret key, or make one: every API token of the saved index is dead then.")
    var newKey = false

    func run() async throws {
        try await LongCommand.run { work in
            let settings = try await options.settings()
            let storage = try source.openForBackups(settings, mustExist: true)
            if !newKey, settings["secret_key"] == nil, !FileManager.default.fileExists(atPath: "\(settings.dataFolder)/secret-key") {
                throw CommandFailure(
                    "There is no secret key: put that of the saved index into \(settings.dataFolder)/secret-key or EMPORIUM_SECRET_KEY, or say --new-key, and every API token is dead."
                )
            }
            let assembly = try await Assembly(settings, migrating: false)
            let outcome: RestoreOutcome
            do {
                outcome = try await assembly.index.restore(
                    from: storage,
                    generation: generation,
                    acceptsOtherKey: newKey,
                    folder: "\(settings.dataFolder)/incoming",
                    work: work
                )
            } catch let fault as BackupFault {
                throw CommandFailure("\(source.text) can not be restored: \(fault).")
            } catch let fault as RowStreamFault {
                throw CommandFailure("\(source.text) can not be restored: \(fault).")
            } catch let error as StorageError {
                throw CommandFailure("The restore is not finished: \(error). Run it again and it goes on.")
            } catch let error as DatabaseError {
                throw Assembly.failure(error, settings)
            }
            await assembly.index.close()
            Self.tell(outcome)
            if !outcome.faults.isEmpty { throw ExitCode(1) }
        }
    }

    private static func tell(_ outcome: RestoreOutcome) {
        let manifest = outcome.manifest
        func count(_ table: String) -> Int { manifest.tables.first { $0.name == table }?.rows ?? 0 }
        print(
            """
            Restored \(manifest.id): \(count("projects")) projects, \(count("releases")) releases, \(count("files")) files, \(count("users")) users; \
            \(outcome.copied) stored files were copied. The last serial is \(manifest.lastSerial).
            What else remembers the index as it was later than that: a CDN in front (purge it whole), and mirrors (let them begin anew).
            """
        )
        if !outcome.faults.isEmpty { print("\(outcome.faults.count) files are missing or damaged in the backup: their downloads fail.") }
    }
}
