// Index pages as an existing client reads them.

import Foundation
import Packaging
import TestPrograms
import Testing

@Suite struct SimpleAPIDifferentialTests {
    @Test func `pypi-simple reads what the JSON and HTML pages were made of`() throws {
        var random = SystemRandomNumberGenerator()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("simple-\(UInt64.random(in: .min ... .max, using: &random))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        for number in 0..<200 {
            let page = Self.page(number)
            try Data(page.json).write(to: folder.appendingPathComponent("\(number).json"))
            try Data(page.html).write(to: folder.appendingPathComponent("\(number).html"))
            try Data(try JSONSerialization.data(withJSONObject: Self.expected(page))).write(to: folder.appendingPathComponent("\(number).expected"))
        }
        let python = try OracleStream.python(environment: "metadata", requirements: "metadata-requirements.txt")
        let report = try ChildProcess.run([python, "-B", OracleStream.folder.appendingPathComponent("simple_client.py").path, folder.path])
        print("differential simple API: \(report.text)")
        #expect(report.ending == .exited(0), "\(report.text)\n\(report.errors)")
    }

    private static func page(_ number: Int) -> SimpleProject {
        let name = NormalizedName(normalizing: "demo-\(number)")
        let reasons: [SimpleFile.Yanked] = [.no, .yes(reason: nil), .yes(reason: "broken <b> & \"worse\" 'é' \u{2028}\n\\"), .yes(reason: "x")]
        let files = (0..<(number % 9)).map { index in
            SimpleFile(
                filename: "demo_\(number)-\(index).0-py3-none-any.whl",
                url: "https://files.example/\(index)/demo_\(number)-\(index).0-py3-none-any.whl",
                sha256: String(repeating: String(index), count: 64),
                requiresPython: index % 3 == 0 ? nil : ">=3.\(index), <4",
                size: Int64(number * 1000 + index),
                uploadTime: Int64(number) * 86_400_000_000 * 100 + Int64(index % 2 == 0 ? 0 : index * 1001),
                yanked: reasons[(number + index) % 4],
                coreMetadataSHA256: index % 2 == 0 ? String(repeating: "e", count: 64) : nil,
                provenanceURL: index % 4 < 2 ? "https://index.example/integrity/demo-\(number)/\(index).0/x/provenance" : nil
            )
        }
        let statuses = SimpleProject.Status.allCases
        return SimpleProject(
            name: name,
            status: statuses[number % statuses.count],
            lastSerial: Int64(number) * 1_000_003,
            versions: files.indices.map { "\($0).0" },
            files: files
        )
    }

    private static func expected(_ page: SimpleProject) -> [String: Any] {
        [
            "name": page.name.value, "status": page.status.rawValue, "serial": String(page.lastSerial), "versions": page.versions,
            "files": page.files.map { file -> [String: Any] in
                var reason: Any = NSNull()
                if case .yes(let text) = file.yanked { reason = text ?? "" }
                return [
                    "filename": file.filename, "url": file.url, "sha256": file.sha256, "requires_python": file.requiresPython ?? NSNull(),
                    "size": file.size, "microseconds": file.uploadTime, "yanked": reason, "metadata": file.coreMetadataSHA256 ?? NSNull(),
                    "provenance": file.provenanceURL ?? NSNull(),
                ] as [String: Any]
            },
        ]
    }
}
