import ArgumentParser
import Foundation
import Packaging
import Registry
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

    func run() async throws {
        let assembly = try await Assembly(try await options.settings())
        let index = assembly.index
        _ = try assembly.temporaryFiles()
        let folder = "\(assembly.settings.dataFolder)/incoming"
        do {
            try await index.createUser(username: "seed", email: "seed@example.org")
        } catch let rejection as Rejection where rejection.reason == .conflict {
            // Seeded before: the same user goes on.
        }
        let token = try await index.createToken(for: "seed", NewToken(description: "Seed \(index.clock.now())", origin: .operator_))
        let progress = ProgressLine(total: projects * releases, what: "releases")
        for number in 0..<projects {
            for release in 0..<releases {
                try await publish(number, release, token, index, folder)
                progress.advance()
            }
        }
        progress.finish()
    }

    private func publish(_ number: Int, _ release: Int, _ token: String, _ index: PackageIndex, _ folder: String) async throws {
        let name = SeedNames.name(number)
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

/// Names that read like names, one for each number, no two alike.
private enum SeedNames {
    private static let first = [
        "amber", "brisk", "copper", "dusty", "ember", "fuzzy", "green", "hazel", "jolly", "keen", "mellow", "nimble", "quiet", "rapid", "sunny",
        "tidy",
    ]
    private static let second = [
        "badger", "crane", "dune", "falcon", "fern", "harbor", "heron", "kernel", "lantern", "meadow", "parcel", "rocket", "router", "sparrow",
        "tender", "walnut",
    ]

    static func name(_ number: Int) -> String {
        let stem = "\(first[number % first.count])-\(second[number / first.count % second.count])"
        let round = number / (first.count * second.count)
        return round == 0 ? stem : "\(stem)-\(round + 1)"
    }
}
