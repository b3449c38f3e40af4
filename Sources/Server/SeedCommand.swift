import ArgumentParser
import Foundation
import Packaging
import Registry
import SQLDatabase
import TestSupport

struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Fill the index with made-up but valid projects, for demos and load tests.",
        discussion: "Run it again with the same numbers and it goes on where it was stopped."
    )

    @OptionGroup var options: IndexOptions

    @Option(help: "How many projects.")
    var projects = 20

    @Option(help: "How many releases each project has.")
    var releases = 2

    @Flag(help: "Only fill the database: files are listed, but can not be downloaded.")
    var rowsOnly = false

    @Option(help: "With --rows-only: how many files all projects have together, more or less (default: ten for each).")
    var files: Int?

    @Flag(help: "With --rows-only: as many files in each project, instead of few in most and very many in some.")
    var even = false

    func validate() throws {
        guard projects > 0, releases > 0, files ?? 1 > 0 else { throw ValidationError("Numbers must be greater than 0.") }
        guard rowsOnly || (files == nil && !even) else { throw ValidationError("--files and --even go with --rows-only.") }
    }

    func run() async throws { try await LongCommand.run { try await seed($0) } }

    private func seed(_ work: LongWork) async throws {
        let assembly = try await Assembly(try await options.settings())
        let index = assembly.index
        if rowsOnly {
            let made = MadeUpIndex(projects: projects, files: files ?? projects * 10, isEven: even)
            try await SeedRows(index: index, made: made, work: work).run()
            return await index.database.close()
        }
        _ = try assembly.temporaryFiles()
        let folder = "\(assembly.settings.dataFolder)/incoming"
        do {
            try await index.createUser(username: "seed", email: "seed@example.org")
        } catch let rejection as Rejection where rejection.reason == .conflict {
            // Seeded before: the same user goes on.
        }
        let token = try await index.createToken(for: "seed", NewToken(description: "Seed \(index.clock.now())", origin: .operator_))
        work.begin("releases", total: projects * releases)
        for number in 0..<projects {
            for release in 0..<releases {
                try work.checkStop()
                try await publish(number, release, token, index, folder)
                work.advance()
            }
        }
        work.end()
    }

    private func publish(_ number: Int, _ release: Int, _ token: String, _ index: PackageIndex, _ folder: String) async throws {
        let name = MadeUpNames.short(number)
        let version = "\(release + 1).\(number % 10).0"
        var distribution = DistributionBuilder(name, version)
        distribution.headers = ["Summary: The \(name) of everything", "Requires-Python: >=3.8"]
        distribution.description = "# \(name)\n\nMade up by `emporium seed`.\n"
        for file in [distribution.wheel(), distribution.sourceDistribution()] {
            var upload = UploadBuilder(name, version, file: file)
            upload.fields += [("summary", "The \(name) of everything"), ("requires_python", ">=3.8")]
            let received = try upload.received(as: .token(token), in: folder)
            defer { if let path = received.content?.localPath { try? FileManager.default.removeItem(atPath: path) } }
            _ = try await index.publish(received)
        }
    }
}
