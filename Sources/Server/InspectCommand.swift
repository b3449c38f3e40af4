import ArgumentParser
import Foundation
import Registry
import SQLDatabase

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what a publish of these files would be told, without publishing.",
        discussion: """
            The files pass every check of an upload, by the rules of this site's settings and its lists of identifiers, on an empty index in memory. What only the real index knows (who \
            may publish, which names and files exist) is left out.

            Signatures, attestations, provenance files and checksums beside them are passed over, so that a whole folder can be given: emporium inspect dist/*

            Exits with 0 when every distribution would be accepted, with 1 when one would be refused, when there is none among the files or when one of \
            them does not exist, and with 64 when the command itself is wrong.
            """
    )

    @OptionGroup var options: IndexOptions

    @Flag(help: "Print nothing about files that would be accepted without a remark.")
    var quiet = false

    @Argument(help: "Wheels (.whl) and source distributions (.tar.gz); what lies beside them may be given too.", completion: .file())
    var files: [String]

    func run() async throws {
        let settings = try await options.settings()
        if let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0) }) { throw CommandFailure("There is no file \(missing).") }
        let trial = try await TrialIndex(
            settings.indexSettings(listeningURL: settings.publicURL ?? "http://127.0.0.1:8080"),
            lists: await Self.siteLists(settings),
            python: settings.python
        )
        var counts = Counts()
        for file in files { counts.add(try await inspect(file, trial)) }
        await trial.close()
        if !quiet || counts.refused > 0 { print(counts.sentence) }
        if counts.accepted + counts.refused == 0 {
            throw CommandFailure("There is no distribution among these files: give wheels (.whl) or sdists (.tar.gz).")
        }
        if counts.refused > 0 { throw ExitCode(1) }
    }

    private enum Ending { case accepted, refused, passedOver }

    private struct Counts {
        private(set) var accepted = 0
        private(set) var refused = 0
        private(set) var passedOver = 0

        mutating func add(_ ending: Ending) {
            switch ending {
            case .accepted: accepted += 1
            case .refused: refused += 1
            case .passedOver: passedOver += 1
            }
        }

        var sentence: String {
            let parts = [(accepted, "accepted"), (refused, "refused"), (passedOver, "passed over")]
            return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }
    }

    /// Prints what a publish of one file would be told.
    private func inspect(_ file: String, _ trial: TrialIndex) async throws -> Ending {
        switch InspectedFile(path: file) {
        case .companion(let what):
            if !quiet { print("\(file): passed over\n  It is \(what).") }
            return .passedOver
        case .other(let what):
            print("\(file): refused\n  It is \(what); an index takes wheels (.whl) and sdists (.tar.gz).")
            return .refused
        case .wheel, .sourceDistribution:
            let verdict = try await trial.publish(fileAt: file)
            if let refusal = verdict.refusal {
                print("\(file): refused\n  \(refusal)")
            } else if !quiet || !verdict.notes.isEmpty {
                print("\(file): accepted")
            }
            for note in verdict.notes { print("  note: \(note)") }
            return verdict.refusal == nil ? .accepted : .refused
        }
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
