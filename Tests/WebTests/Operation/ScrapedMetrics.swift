// A page of metrics as Prometheus' own parser reads it.

import Foundation
import TestPrograms
import TestSupport

/// The families of a page, parsed by `prometheus_client`.
struct ScrapedMetrics: Sendable {
    struct Sample: Decodable, Sendable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family: Decodable, Sendable {
        let name: String
        let type: String
        let documentation: String
        let samples: [Sample]
    }

    let families: [Family]

    private static let script = """
        import json, math, sys
        from prometheus_client.parser import text_string_to_metric_families
        families = [
            {"name": f.name, "type": f.type, "documentation": f.documentation,
             "samples": [{"name": s.name, "labels": s.labels, "value": s.value} for s in f.samples]}
            for f in text_string_to_metric_families(sys.stdin.read())
        ]
        names = [f["name"] for f in families]
        assert len(names) == len(set(names)), names
        json.dump(families, sys.stdout)
        """

    init(parsing text: String) async throws {
        let python = try await PythonEnvironment.interpreter("prometheus", requirements: "Tests/WebTests/metrics-requirements.txt")
        let parsed = try await ChildProcess.run([python, "-c", Self.script], input: Data(text.utf8))
        guard parsed.ending == .exited(0) else { throw UnreadableMetrics(description: "the page does not parse: \(text)\n\(parsed.errors)") }
        families = try JSONDecoder().decode([Family].self, from: parsed.output)
    }

    /// The value of a sample; `nil` where there is none with exactly these labels.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }
}

/// The page is not there, or no metrics.
struct UnreadableMetrics: Error, CustomStringConvertible {
    let description: String
}

extension WebClient {
    func metrics() async throws -> ScrapedMetrics {
        let answer = try await get("/metrics")
        guard answer.status == 200 else { throw UnreadableMetrics(description: answer.statusLine) }
        return try await ScrapedMetrics(parsing: answer.text)
    }
}
