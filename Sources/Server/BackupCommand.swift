import ArgumentParser
import Backends
import Foundation
import Registry
import SQLDatabase

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Save the whole index, while it serves, beside earlier backups.",
        discussion: """
            TARGET is a folder or s3://BUCKET/PREFIX?…. Files that are there already are not sent again. The secret key is never saved with it: \
            keep it elsewhere. Exits with 1 when a file of the index is missing or damaged; everything else is saved all the same.
            """
    )

    @OptionGroup var options: IndexOptions

    @Argument(help: "Where to: a folder, file:DIR or s3://….")
    var target: StoragePlace

    @Option(help: "Remove all but so many of the newest backups, and the files that only they needed.")
    var keep: Int?

    @Option(help: "Also write the secret key into this file of yours, which nobody else should read. It does not go to TARGET.")
    var withSecrets: String?

    func validate() throws {
        guard keep.map({ $0 > 0 }) ?? true else { throw ValidationError("--keep must be greater than 0.") }
    }

    func run() async throws {
        try await LongCommand.run { work in
            let settings = try await options.settings()
            let assembly = try await Assembly(settings, migrating: false)
            let index = assembly.index
            let storage = try target.openForBackups(settings, mustExist: false)
            if let file = withSecrets { try Self.keepSecret(settings, in: file) }
            let outcome: BackupOutcome
            let folder = "\(settings.dataFolder)/incoming"
            do {
                outcome = try await index.backUp(to: storage, folder: folder, work: work)
            } catch let fault as BackupFault {
                throw CommandFailure("\(target.text) can not be used: \(fault).")
            } catch let error as StorageError {
                throw CommandFailure("The backup is not finished: \(error).")
            }
            let manifest = outcome.manifest
            print(
                """
                Saved as \(manifest.id): \(manifest.tables.reduce(0) { $0 + $1.rows }) rows up to serial \(manifest.lastSerial), \
                \(manifest.blobCount - manifest.faults.count) files, of which \(outcome.sent) were sent.
                """
            )
            if let keep {
                let pruned = try await BackupShelf(storage).prune(keeping: keep, now: index.clock.now(), folder: folder, work: work)
                print(pruned.note ?? "Removed \(pruned.backups.count) older backups and \(pruned.files) files that nobody needs any more.")
            }
            await index.close()
            guard manifest.faults.isEmpty else {
                print("\(manifest.faults.count) files of the index are missing or damaged, and not in the backup.")
                throw ExitCode(1)
            }
        }
    }

    private static func keepSecret(_ settings: Settings, in file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("The file \(file) can not be made: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        let key = try SecretKey.load(settings, mayMake: false)
        guard write(descriptor, key, key.count) == key.count, fsync(descriptor) == 0 else {
            throw CommandFailure("The file \(file) can not be written: \(String(cString: strerror(errno))).")
        }
    }
}
