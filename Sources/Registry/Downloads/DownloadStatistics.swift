package import Packaging
import SQLDatabase

/// How often the files of a project were fetched.
package struct DownloadStatistics: Sendable, Hashable {
    /// How many days are kept apart.
    package static let days: Int64 = 90

    package struct Entry: Sendable, Hashable {
        /// A day, a month, or what it is a count of.
        package let name: String
        package let count: Int64
    }

    package let project: String
    /// The last 90 days, the oldest first; today is not over yet.
    package let byDay: [Entry]
    /// Whole months before these, the oldest first.
    package let byMonth: [Entry]
    /// Of these 90 days, the most first.
    package let byDimension: [Downloads.Dimension: [Entry]]

    /// Of yesterday, and of the 7 and 30 days to yesterday.
    package var lastDay: Int64 { last(1) }
    package var lastWeek: Int64 { last(7) }
    package var lastMonth: Int64 { last(30) }

    private func last(_ days: Int) -> Int64 { byDay.dropLast().suffix(days).reduce(0) { $0 + $1.count } }

    init(project: String, counts: [Downloads.Count], now: Int64) {
        self.project = project
        let days = (0..<Self.days).reversed().map { PackageIndex.day(now - $0 * 86_400_000_000) }
        let first = days[0]
        var totals: [String: Int64] = [:]
        var months: [Entry] = []
        var dimensions: [Downloads.Dimension: [String: Int64]] = [:]
        for count in counts {
            guard let dimension = Downloads.Dimension(rawValue: count.dimension) else { continue }
            let isDay = count.period.utf8.count == 10
            if dimension == .total {
                if isDay { totals[count.period] = count.count } else { months.append(Entry(name: count.period, count: count.count)) }
            } else if isDay, count.period >= first {
                dimensions[dimension, default: [:]][count.value, default: 0] += count.count
            }
        }
        byDay = days.map { Entry(name: $0, count: totals[$0] ?? 0) }
        byMonth = months
        byDimension = dimensions.mapValues { values in
            values.map { Entry(name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        }
    }
}

extension PackageIndex {
    /// How often the files of a project were fetched from this index.
    ///
    /// - Returns: `nil` where there is no such project that everybody may see, or nothing is counted.
    package func downloadStatistics(of name: NormalizedName) async throws -> DownloadStatistics? {
        guard downloads.isOn else { return nil }
        let now = clock.now()
        return try await database.read { tx in
            guard let project = try tx.projects.find(name), project.lifecycleStatus != .quarantined else { return nil }
            return DownloadStatistics(project: project.name, counts: try tx.downloads.list(projectID: project.id), now: now)
        }
    }
}
