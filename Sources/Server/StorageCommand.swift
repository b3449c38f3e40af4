import ArgumentParser
import Backends
import Foundation
import Registry
import SQLDatabase

struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Move the index's files to another storage, or mend the served ones from the archive.",
        subcommands: [Migrate.self, Repair.self]
    )

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "migrate",
            abstract: "Copy the index's files to another folder or bucket, while the index serves.",
            discussion: """
                Every byte is compared with its row. It can be stopped and run again: what is there is not copied again. It ends when it has caught up with what \
                is published, and says which setting to change. Run it once more after the restart.
                """
        )

        @OptionGroup var options: IndexOptions

        @Option(name: .customLong("from"), help: "Where the files are: file:DIR or s3://….")
        var source: StoragePlace

        @Option(name: .customLong("to"), help: "Where they are to be: file:DIR or s3://….")
        var target: StoragePlace

        @Flag(help: "Copy nothing: read every file of --to and compare it.")
        var check = false

        func validate() throws {
            if source.location.isSame(as: target.location) { throw ValidationError("--from and --to are the same place.") }
        }

        func run() async throws { try await LongCommand.run { try await move($0) } }

        private func move(_ work: LongWork) async throws {
            let settings = try await options.settings()
            // Not to be made by looking into it.
            for place in check ? [source, target] : [source] {
                if case .folder(let path) = place.location, !FileManager.default.fileExists(atPath: path) {
                    throw CommandFailure("There is no folder \(path).")
                }
            }
            let assembly = try await Assembly(settings, migrating: false)
            let index = assembly.index
            let (from, to) = (try Assembly.openStorage(source.location, named: "--from"), try Assembly.openStorage(target.location, named: "--to"))
            let outcome: StorageMoveOutcome
            do {
                try await prepare(from, to, for: try await index.identity())
                outcome = try await index.migrateStorage(from: from, to: to, isCheck: check, temporary: try assembly.temporaryFiles(), work: work)
            } catch let fault as StorageMoveFault {
                throw CommandFailure("\(fault.description).")
            } catch let error as DatabaseError {
                throw Assembly.failure(error, settings)
            }
            await index.close()
            tell(outcome, settings)
            if !outcome.faults.isEmpty { throw ExitCode(1) }
        }

        /// Finds out before the first file whether both can be used, and takes the target for this index.
        private func prepare(_ from: any FileStorage, _ to: any FileStorage, for identity: String) async throws {
            try await trying("--from can not be read") {
                try await lookWhose(from, identity, "--from")
                _ = try await from.list(prefix: "00/", after: nil, limit: 1)
            }
            if check { return try await trying("--to can not be read") { try await lookWhose(to, identity, "--to") } }
            try await trying("--to can not be written") {
                try await Assembly.claim(to, for: identity, named: "--to")
                try await to.tryOut()
            }
        }

        private func trying(_ what: String, _ body: () async throws -> Void) async throws {
            do {
                try await body()
            } catch let error as StorageError {
                throw CommandFailure("\(what): \(error).")
            }
        }

        private func lookWhose(_ storage: any FileStorage, _ identity: String, _ name: String) async throws {
            guard let owner = try await StorageOwner.name(in: storage), owner != identity else { return }
            throw CommandFailure(Assembly.complaint(about: owner, identity, name))
        }

        private func tell(_ outcome: StorageMoveOutcome, _ settings: Settings) {
            let all = outcome.copied + outcome.present
            if check {
                return print(
                    outcome.faults.isEmpty
                        ? "All \(all) files are there and have the bytes of their rows."
                        : "\(all) files are right; \(outcome.faults.count) are missing or damaged."
                )
            }
            print("Copied \(outcome.copied) files; \(outcome.present) were there already.")
            if !outcome.faults.isEmpty {
                return print("\(outcome.faults.count) files are missing or damaged where they should come from, and were not copied.")
            }
            if settings.storage.isSame(as: target.location) { return print("Every published file is in the storage that the index uses.") }
            if settings.archive?.isSame(as: target.location) == true { return print("Every published file is in the archive.") }
            print(
                """
                Every file that is published now is there. To change over, restart every process with

                  EMPORIUM_STORAGE_URL='\(target.setting)'

                and then run this once more, for what was published until the last of them had stopped.
                """
            )
        }
    }

    struct Repair: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repair",
            abstract: "Copy served files that are missing or damaged again from the archive; exit 1 when some can not be.",
            discussion: "Reads every served file. It can be stopped and run again, and goes on where it was."
        )

        @OptionGroup var options: IndexOptions

        func run() async throws {
            try await LongCommand.run { work in
                let settings = try await options.settings()
                let assembly = try await Assembly(settings, migrating: false)
                guard let archive = assembly.index.archive else {
                    throw CommandFailure("There is no archive to repair from: EMPORIUM_ARCHIVE_URL is not set.")
                }
                let outcome: RepairOutcome
                do {
                    outcome = try await assembly.index.repairServedFiles(from: archive, work: work)
                } catch let error as DatabaseError {
                    throw Assembly.failure(error, settings)
                } catch let error as StorageError {
                    throw CommandFailure("The repair is not finished: \(error).")
                }
                await assembly.index.close()
                print("Looked at \(outcome.looked) files; \(outcome.copied) were copied again; \(outcome.faults.count) can not be repaired.")
                if !outcome.faults.isEmpty { throw ExitCode(1) }
            }
        }
    }
}
