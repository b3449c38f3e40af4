import ArgumentParser
import Backends
import Registry
import SQLDatabase

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the index, or a backup of it, is whole; exit 1 when it is not.",
        discussion: "Prints one line for each fault. Nothing is changed."
    )

    @OptionGroup var options: IndexOptions

    @Argument(help: "A backup: a folder, file:DIR or s3://…; nothing for the index itself.")
    var target: StoragePlace?

    @Option(help: "Which backup (default: the newest).")
    var generation: String?

    @Flag(help: "All backups that are there.")
    var all = false

    @Option(help: "How many of a hundred files are read, at random; whether they are there is asked of all.")
    var sample = 100

    func validate() throws {
        guard (0...100).contains(sample) else { throw ValidationError("--sample goes from 0 to 100.") }
        guard target != nil || (generation == nil && !all) else { throw ValidationError("--generation and --all go with a backup.") }
    }

    func run() async throws {
        try await LongCommand.run { work in
            let settings = try await options.settings()
            let faults: [String]
            let what: String
            if let target {
                let shelf = BackupShelf(try target.openForBackups(settings, mustExist: true))
                do {
                    let manifests = try await all ? shelf.manifests() : [shelf.manifest(generation)]
                    faults = try await shelf.verify(manifests, sample: sample, folder: "\(settings.dataFolder)/incoming", work: work)
                    what = "The backup \(manifests.map(\.id).joined(separator: ", "))"
                } catch let fault as BackupFault {
                    throw CommandFailure("\(target.text): \(fault).")
                } catch let error as StorageError {
                    throw CommandFailure("\(target.text) can not be read: \(error).")
                }
            } else {
                let assembly = try await Assembly(settings, migrating: false)
                let pending = try await Migrator(AllMigrations.list).pending(assembly.index.engine)
                guard pending.isEmpty else { throw CommandFailure("Migrations are missing: run emporium migrate first.") }
                do {
                    faults = try await assembly.index.verify(sample: sample, folder: "\(settings.dataFolder)/incoming", work: work)
                } catch let error as StorageError {
                    throw CommandFailure("The index's files can not be read: \(error).")
                } catch let error as DatabaseError {
                    throw Assembly.failure(error, settings)
                }
                await assembly.index.close()
                what = "The index"
            }
            print(faults.isEmpty ? "\(what) is whole." : "\(what) has \(faults.count) fault\(faults.count == 1 ? "" : "s").")
            if !faults.isEmpty { throw ExitCode(1) }
        }
    }
}
