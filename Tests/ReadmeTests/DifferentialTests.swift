// Every verdict and every byte of HTML against readme_renderer called directly: real descriptions, its own test inputs, made-up texts.

import Foundation
import Markup
import Readme
import Testing

@Suite struct DifferentialTests {
    private struct Record: Codable {
        let source: String
        let type: String?
        let text: String
        var html: String?
    }

    private struct Tally {
        var real = 0
        var fixtures = 0
        var generated = 0
        var refused = 0
        var disagreements: [String] = []
    }

    /// DIFFERENTIAL_SEED sets another seed.
    private static let seed = ProcessInfo.processInfo.environment["DIFFERENTIAL_SEED"].flatMap(UInt64.init) ?? 20_250_915

    @Test func `verdict and HTML agree with readme_renderer`() async throws {
        var texts = GeneratedTexts(seed: Self.seed)
        let generated = (1...400).map { number in
            let (type, text) = texts.next()
            return Record(source: "generated \(number)", type: type, text: text)
        }
        let records = try await Self.oracle(generated)
        let tally = try await withRenderer { renderer in try await Self.compare(records, renderer) }
        print(
            "differential readme: \(tally.real) real texts, \(tally.fixtures) fixtures, \(tally.generated) generated ones, \(tally.refused) refused,",
            "\(tally.disagreements.count) disagreements"
        )
        let examples = tally.disagreements.prefix(10).joined(separator: "\n")
        #expect(tally.disagreements.isEmpty, "\(tally.disagreements.count) with seed \(Self.seed), such as:\n\(examples)")
        #expect(tally.real >= 200 && tally.fixtures >= 200 && tally.generated == 400)
        // Both verdicts must be among them, else nothing was compared.
        #expect(tally.refused >= 50 && tally.refused <= 300)
    }

    private static func compare(_ records: [Record], _ renderer: ReadmeRenderer) async throws -> Tally {
        try await withThrowingTaskGroup(of: (Record, Rendering).self) { group in
            var tally = Tally()
            var rest = records[...]
            // A few at a time, so that the helpers never wait.
            for _ in 0..<4 {
                if let record = rest.popFirst() { group.addTask { (record, try await renderer.render(record.text, contentType: record.type)) } }
            }
            while let (record, rendering) = try await group.next() {
                if let record = rest.popFirst() { group.addTask { (record, try await renderer.render(record.text, contentType: record.type)) } }
                if record.source.hasPrefix("generated") {
                    tally.generated += 1
                } else if record.source.hasPrefix("fixture") {
                    tally.fixtures += 1
                } else {
                    tally.real += 1
                }
                if record.html == nil { tally.refused += 1 }
                let ours = rendering.html
                // Byte by byte: canonically equivalent texts are different texts.
                if ours.map({ Array($0.utf8) }) != record.html.map({ Array($0.utf8) }) || rendering.unavailability != nil {
                    tally.disagreements.append(
                        "\(record.source) as \(record.type ?? "nothing"):\n\(String(reflecting: record.text.prefix(2_000)))\n"
                            + "theirs \(String(reflecting: record.html?.prefix(2_000)))\nours \(String(reflecting: rendering))"
                    )
                }
            }
            return tally
        }
    }

    /// What readme_renderer makes of these texts, of everything installed in the environments of the tests, and of its own tests' inputs.
    private static func oracle(_ given: [Record]) async throws -> [Record] {
        let encoder = JSONEncoder()
        var lines = Data()
        for record in given {
            lines.append(try encoder.encode(record))
            lines.append(UInt8(ascii: "\n"))
        }
        let corpus = try await Interpreters.withCorpus()
        let output = try await Interpreters.run(
            try await Interpreters.withRenderer(),
            ["-B", Interpreters.folder.appendingPathComponent("oracle.py").path, try await sdist(corpus)] + sitePackages(besides: corpus),
            input: lines
        )
        let decoder = JSONDecoder()
        return try output.utf8.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Record.self, from: Data($0)) }
    }

    /// The folders of installed projects of every environment that lies beside this one.
    private static func sitePackages(besides python: String) throws -> [String] {
        let venvs = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try FileManager.default.contentsOfDirectory(atPath: venvs.path).sorted().flatMap { name in
            let lib = venvs.appendingPathComponent("\(name)/lib")
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: lib.path)) ?? []
            return versions.filter { $0.hasPrefix("python") }.map { lib.appendingPathComponent("\($0)/site-packages").path }
        }
    }

    /// The unpacked source distribution of readme_renderer, whose tests bring inputs along; downloaded once, beside the environments.
    private static func sdist(_ python: String) async throws -> String {
        let environment = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent()
        let folder = environment.appendingPathComponent("readme_renderer-46.0")
        if FileManager.default.fileExists(atPath: folder.path) { return folder.path }
        let download = environment.appendingPathComponent("download-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: download) }
        let pip = "-I -m pip download -q --disable-pip-version-check --no-deps --no-binary :all: --no-build-isolation readme_renderer==46.0 -d"
        _ = try await Interpreters.run(python, pip.split(separator: " ").map(String.init) + [download.path])
        _ = try await Interpreters.run("/bin/tar", ["xzf", download.path + "/readme_renderer-46.0.tar.gz", "-C", download.path])
        // Another test run may have been faster.
        try? FileManager.default.moveItem(at: download.appendingPathComponent("readme_renderer-46.0"), to: folder)
        return folder.path
    }
}
