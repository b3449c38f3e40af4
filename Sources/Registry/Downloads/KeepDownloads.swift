import Foundation
import JobQueue
import Packaging
import SQLDatabase

extension PackageIndex {
    /// How many different downloads one transaction writes down, of five rows each: others want to write, too.
    private static let batch = 100

    /// Writes down what this process has counted. What fails is tried with the next.
    ///
    /// - Returns: how many downloads.
    @discardableResult
    package func keepDownloads() async throws -> Int {
        let taken = downloads.take()
        guard !taken.isEmpty else { return 0 }
        // Those of one project together: they add to the same rows.
        var rest = taken.sorted { ($0.key.target, $0.key.agent) < ($1.key.target, $1.key.agent) }
        do {
            while !rest.isEmpty {
                let piece = Dictionary(uniqueKeysWithValues: rest.suffix(Self.batch).map { ($0.key, $0.value) })
                let counts = try await downloadCounts(piece)
                try await database.write { try $0.downloads.add(counts) }
                rest.removeLast(piece.count)
            }
        } catch {
            // What is written already is not counted again.
            downloads.add(Dictionary(uniqueKeysWithValues: rest.map { ($0.key, $0.value) }))
            throw error
        }
        return taken.values.reduce(0, +)
    }

    /// Of what was counted, how much is whose. Files that are gone are nobody's.
    private func downloadCounts(_ taken: [DownloadCounter.Key: Int]) async throws -> [Downloads.Count] {
        let paths = Set(taken.keys.compactMap { Self.path(of: $0.target) }).sorted()
        var files: [String: (projectID: Int64, version: String)] = [:]
        let rows = try await database.query(
            "SELECT f.path, f.project_id, r.version FROM files f JOIN releases r ON r.id = f.release_id WHERE f.path IN (\(list: paths))"
        )
        for row in rows { files[try row["path"]] = (try row["project_id"], try row["version"]) }
        struct Cell: Hashable {
            let projectID: Int64
            let dimension: Downloads.Dimension
            let value: String
        }
        var cells: [Cell: Int64] = [:]
        var agents: [String: UserAgent] = [:]
        for (key, count) in taken {
            guard let file = Self.path(of: key.target).flatMap({ files[$0] }) else { continue }
            let agent = agents[key.agent] ?? UserAgent(key.agent)
            agents[key.agent] = agent
            for (dimension, value) in agent.dimensions(version: file.version) {
                cells[Cell(projectID: file.projectID, dimension: dimension, value: value), default: 0] += Int64(count)
            }
        }
        let day = Self.day(clock.now())
        return cells.map {
            Downloads.Count(projectID: $0.projectID, period: day, dimension: $0.dimension.rawValue, value: $0.value, count: $1)
        }
    }

    private static func path(of target: String) -> String? {
        guard target.hasPrefix(Links.filesPrefix) else { return nil }
        return String(target.dropFirst(Links.filesPrefix.count)).removingPercentEncoding
    }

    /// `2026-11-22`, of a time in microseconds since 1970.
    static func day(_ time: Int64) -> String { String(UploadTime.text(time).prefix(10)) }
}

extension UserAgent {
    /// What a download by it adds to.
    fileprivate func dimensions(version: String) -> [(Downloads.Dimension, String)] {
        switch kind {
        case .mirror: return [(.mirror, name.lowercased())]
        case .crawler: return [(.bot, Self.knownBots.contains(name.lowercased()) ? name.lowercased() : "other")]
        case .browser, .tool, .unknown:
            let python = python.flatMap(Self.series) ?? "unknown"
            let installer = kind == .browser ? "browser" : name.isEmpty ? "unknown" : name.lowercased()
            return [
                (.total, ""), (.version, version), (.python, python),
                (.system, system.map { Self.knownSystems.contains($0) ? $0 : "other" } ?? "unknown"), (.installer, installer),
            ]
        }
    }
}

extension UserAgent {
    // Anybody sends any header: what is kept of it is one of few words, or the table would grow with whoever makes up new ones.

    private static let knownSystems: Set<String> = ["Linux", "macOS", "Windows", "FreeBSD", "OpenBSD", "Android", "iOS", "ChromeOS"]
    private static let knownBots: Set<String> = [
        "googlebot", "bingbot", "applebot", "yandexbot", "duckduckbot", "baiduspider", "semrushbot", "ahrefsbot", "gptbot", "claudebot", "bytespider",
        "petalbot", "ccbot", "facebookexternalhit", "amazonbot",
    ]

    /// `3.12` of `3.12.4`; `nil` for what is no Python that was ever made.
    private static func series(_ version: String) -> String? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "2" || parts[0] == "3", parts[1].utf8.count <= 2, let minor = Int(parts[1]), (0...40).contains(minor)
        else {
            return nil
        }
        return "\(parts[0]).\(minor)"
    }
}

/// Makes months of days that are long past.
package struct FoldDownloads: Job {
    package static let kind = "fold-downloads"

    package init() {}

    package func run(in index: PackageIndex) async throws {
        let day = PackageIndex.day(index.clock.now() - DownloadStatistics.days * 86_400_000_000)
        while try await index.database.write({ try $0.downloads.fold(before: day) }) {}
    }
}
