import Foundation
import JobQueue
import Packaging
import SQLDatabase

extension PackageIndex {
    /// How many rows one transaction writes: others want to write, too.
    private static let batch = 500

    /// Writes down what this process has counted. What fails is tried with the next.
    ///
    /// - Returns: how many downloads.
    @discardableResult
    package func keepDownloads() async throws -> Int {
        let taken = downloads.take()
        guard !taken.isEmpty else { return 0 }
        do {
            var counts = Array(try await downloadCounts(taken))
            while !counts.isEmpty {
                let piece = Array(counts.suffix(Self.batch))
                try await database.write { try $0.downloads.add(piece) }
                counts.removeLast(piece.count)
            }
            return taken.values.reduce(0, +)
        } catch {
            downloads.add(taken)
            throw error
        }
    }

    /// Of what was counted, how much is whose. Files that are gone are nobody's.
    private func downloadCounts(_ taken: [DownloadCounter.Key: Int]) async throws -> [Downloads.Count] {
        let paths = Set(taken.keys.compactMap { Self.path(of: $0.target) }).sorted()
        var files: [String: (projectID: Int64, version: String)] = [:]
        for start in stride(from: 0, to: paths.count, by: Self.batch) {
            let piece = Array(paths[start..<min(start + Self.batch, paths.count)])
            let rows = try await database.query(
                "SELECT f.path, f.project_id, r.version FROM files f JOIN releases r ON r.id = f.release_id WHERE f.path IN (\(list: piece))"
            )
            for row in rows { files[try row["path"]] = (try row["project_id"], try row["version"]) }
        }
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
        case .crawler: return [(.bot, name.lowercased())]
        case .browser, .tool, .unknown:
            // `3.12` of `3.12.4`.
            let python = python.map { $0.split(separator: ".").prefix(2).joined(separator: ".") } ?? "unknown"
            let installer = kind == .browser ? "browser" : name.isEmpty ? "unknown" : name.lowercased()
            return [(.total, ""), (.version, version), (.python, python), (.system, system ?? "unknown"), (.installer, installer)]
        }
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
