import Backends
import Foundation
import Registry
import SQLiteEngine
import TestSupport
import Testing

/// pip-audit asks one public index alone what is known of a release.
@Suite(.timeLimit(.minutes(5))) struct PipAuditTests {
    /// What pip-audit has for the address of that index.
    private static let namesInPipAudit = """
        import inspect, re, pip_audit._service.pypi as service
        print(*sorted(set(re.findall(r"https://([a-z.]+)/", inspect.getsource(service.PyPIService)))))
        """

    private struct Report: Decodable {
        struct Dependency: Decodable {
            struct Vulnerability: Decodable, Equatable {
                let id: String
                let fix_versions: [String]
                let aliases: [String]
                let description: String
            }

            let name: String
            let version: String?
            let vulns: [Vulnerability]?
        }

        let dependencies: [Dependency]
    }

    @Test(.enabled(if: BorrowedNames.isPossible, "needs root, unshare and nsenter"))
    func `pip-audit finds what is known of a release, but not what was withdrawn`() async throws {
        let folder = try TemporaryFolder()
        let audit = try await Client("pip-audit")
        let hosts = try await audit.run("python", ["-c", Self.namesInPipAudit], in: folder).firstLine.split(separator: " ").map(String.init)
        try #require(!hosts.isEmpty)
        let site = try await LiveServer.Site(mayUsePostgres: false)
        let names = try await BorrowedNames(hosts, serving: site, in: folder)
        for version in ["1.0", "1.1"] {
            let wheel = try await SamplePackages.wheel("audited-project", version, into: folder)
            try await Client("twine").run("twine", ["upload", wheel], in: folder, environment: names.server.twineEnvironment, under: names.inside)
        }
        try await record(in: site)

        func check(_ requirement: String, expecting status: Int32) async throws -> [Report.Dependency] {
            try folder.write("\(requirement)\n", to: "requirements.txt")
            let output = try await audit.run(
                "pip-audit",
                [
                    "--requirement", "requirements.txt", "--no-deps", "--disable-pip", "--vulnerability-service", "pypi", "--format", "json",
                    "--desc", "on", "--aliases", "on", "--progress-spinner", "off", "--cache-dir", folder.path("cache-\(requirement)"),
                ],
                in: folder,
                environment: ["REQUESTS_CA_BUNDLE": names.authority],
                under: names.inside,
                expecting: status
            )
            return try JSONDecoder().decode(Report.self, from: Data(output.standardOutput.utf8)).dependencies
        }
        let affected = try await check("audited-project==1.0", expecting: 1)
        #expect(
            affected.first?.vulns == [
                .init(id: "PYSEC-2026-1", fix_versions: ["1.1"], aliases: ["CVE-2026-1"], description: "It breaks")
            ]
        )
        let fixed = try await check("audited-project==1.1", expecting: 0)
        #expect(fixed.first?.version == "1.1" && fixed.first?.vulns == [])
        try await names.server.stop()
    }

    /// Records one that holds and one that was withdrawn, as another process of the index.
    private func record(in site: LiveServer.Site) async throws {
        let database = try SQLiteDatabase(path: "\(site.data)/emporium.sqlite")
        let index = TestIndex.makeIndex(database, MemoryStorage(), ManualClock())
        var report = VulnerabilityReport(source: "osv", identifier: "PYSEC-2026-1", project: "audited-project", versions: ["1.0"])
        (report.aliases, report.fixedIn, report.summary) = (["CVE-2026-1"], ["1.1"], "It breaks")
        #expect(try await index.recordVulnerability(report) == .recorded(unknownVersions: []))
        var withdrawn = VulnerabilityReport(source: "osv", identifier: "PYSEC-2026-2", project: "audited-project", versions: ["1.0", "1.1"])
        withdrawn.withdrawnAt = 1_767_225_600_000_000
        #expect(try await index.recordVulnerability(withdrawn) == .recorded(unknownVersions: []))
        await index.close()
    }
}
