import ArgumentParser
import Foundation
import Registry
import SQLDatabase

struct MigrateEngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate-engine",
        abstract: "Move the database to PostgreSQL, or to SQLite, while the index serves.",
        discussion: """
            Copies all rows, then freezes the index for a moment: uploads get 503 and may try again. When both sides are proven equal the old database stays \
            frozen, so that nothing is published there that the new one lacks; `emporium read-only off` takes that back. It can be stopped and run again.
            """
    )

    @OptionGroup var options: IndexOptions

    @Option(name: .customLong("to"), help: "postgres://… or sqlite:PATH, an empty database.")
    var url: String

    func validate() throws {
        guard ["postgres://", "postgresql://", "sqlite:"].contains(where: { url.hasPrefix($0) }) else {
            throw ValidationError("--to must begin with postgres:// or sqlite:.")
        }
    }

    func run() async throws {
        try await LongCommand.run { work in
            let settings = try await options.settings()
            let assembly = try await Assembly(settings, migrating: false)
            let location: Settings.DatabaseLocation =
                url.hasPrefix("sqlite:") ? .sqlite(path: String(url.dropFirst("sqlite:".count))) : .postgres(url: url)
            let target = try Self.open(location)
            let outcome: EngineMoveOutcome
            do {
                outcome = try await assembly.index.migrateEngine(to: target, folder: "\(settings.dataFolder)/incoming", work: work)
            } catch let fault as BackupFault {
                throw CommandFailure("Nothing was moved: \(fault).")
            } catch let fault as RowStreamFault {
                throw CommandFailure("Nothing was moved, and the index is open again: \(fault).")
            } catch let error as DatabaseError {
                throw CommandFailure("Nothing was moved, and the index is open again: \(error.message)")
            }
            await target.close()
            await assembly.index.close()
            Self.tell(outcome, settings, location)
        }
    }

    private static func open(_ location: Settings.DatabaseLocation) throws -> any Database {
        // How this index is tuned, such as a pooler, says nothing of the other database.
        let settings = Settings(given: [:])
        do {
            return try Assembly.openDatabase(location, settings)
        } catch {
            throw CommandFailure("--to can not be opened: \(error)")
        }
    }

    private static func tell(_ outcome: EngineMoveOutcome, _ settings: Settings, _ location: Settings.DatabaseLocation) {
        let seconds = Double(outcome.frozen / .milliseconds(1)) / 1000
        print(
            """
            Moved \(outcome.tables.reduce(0) { $0 + $1.rows }) rows in \(outcome.tables.count) tables; the pages of \(outcome.pages) projects are the same on both sides. \
            For \(seconds) seconds nothing could be published.
            The old database is frozen now: it can be read, and takes no changes. Stop every process that uses it, and start them with

              EMPORIUM_DATABASE_URL=…  (what --to said)
            """
        )
        if case .postgres = location {
            if settings["secret_key"] == nil {
                print("  EMPORIUM_SECRET_KEY=…    (the content of \(settings.dataFolder)/secret-key)")
            }
            if settings["public_url"] == nil { print("  EMPORIUM_PUBLIC_URL=…    (the base of every absolute URL)") }
        }
        print("\nTo stay with the old one instead: `emporium read-only off`. What was published in the new one meanwhile is not in it.")
    }
}
