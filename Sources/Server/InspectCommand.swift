import ArgumentParser
import Foundation
import Registry
import SQLDatabase

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what a publish of these files would be told, without publishing; exit 1 when one would be refused.",
        discussion: """
            The files pass every check of an upload, by the rules of this site's settings and its lists of identifiers, on an empty index in memory. What only the real index knows (who \
            may publish, which names and files exist) is left out.
            """
    )

    @OptionGroup var options: IndexOptions

    @Flag(help: "Print nothing about files that would be accepted without a remark.")
    var quiet = false

    @Argument(help: "Wheels (.whl) and source distributions (.tar.gz).", completion: .file())
    var files: [String]

    func run() async throws {
        let settings = try await options.settings()
        if let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0) }) { throw CommandFailure("There is no file \(missing).") }
        let trial = try await TrialIndex(
            settings.indexSettings(listeningURL: settings.publicURL ?? "http://127.0.0.1:8080"),
            lists: await Self.siteLists(settings),
            python: settings.python
        )
        var isRefused = false
        for file in files {
            let verdict = try await trial.publish(fileAt: file)
            if let refusal = verdict.refusal {
                isRefused = true
                print("\(file): refused\n  \(refusal)")
            } else if !quiet || !verdict.notes.isEmpty {
                print("\(file): accepted")
            }
            for note in verdict.notes { print("  note: \(note)") }
        }
        await trial.close()
        if isRefused { throw ExitCode(1) }
    }

    /// The lists that the site's index was last refreshed with; none where there is no index yet, or it does not answer.
    private static func siteLists(_ settings: Settings) async -> [FetchedList] {
        if case .sqlite(let path) = settings.database, !FileManager.default.fileExists(atPath: path) { return [] }
        guard let database = try? Assembly.openDatabase(settings) else { return [] }
        let lists = (try? await database.read { try $0.refreshedLists.all() }) ?? [:]
        await database.close()
        return lists.map { FetchedList($0.key, source: "the site's index", identifiers: $0.value.split(separator: "\n").map(String.init)) }
    }
}
