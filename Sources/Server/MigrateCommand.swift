import ArgumentParser
import Registry
import SQLDatabase

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "migrate", abstract: "Bring the database's schema up to date.")

    @OptionGroup var options: IndexOptions

    @Flag(help: "Only say what is missing; exit 1 when anything is.")
    var check = false

    func run() async throws {
        let settings = try await options.settings()
        let assembly = try await Assembly(settings, migrating: false)
        do {
            if check {
                let pending = try await Migrator(AllMigrations.list).pending(assembly.index.database)
                guard pending.isEmpty else { throw CommandFailure("Migrations are missing: \(pending.joined(separator: ", ")).") }
                print("The schema is up to date.")
            } else {
                let applied = try await assembly.index.migrate()
                print(applied.isEmpty ? "The schema was up to date." : "Applied: \(applied.joined(separator: ", ")).")
            }
        } catch let error as DatabaseError {
            throw Assembly.failure(error, settings)
        }
    }
}
