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

    /// - Parameters:
    ///   - totals: of days and months, the oldest first.
    ///   - sums: of the dimensions.
    init(project: String, totals: [Downloads.Count], sums: [Downloads.Count], now: Int64) {
        self.project = project
        let counted = Dictionary(totals.map { ($0.period, $0.count) }) { first, _ in first }
        byDay = Self.lastDays(now).map { Entry(name: $0, count: counted[$0] ?? 0) }
        byMonth = totals.filter { $0.period.utf8.count == 7 }.map { Entry(name: $0.period, count: $0.count) }
        var dimensions: [Downloads.Dimension: [Entry]] = [:]
        for sum in sums {
            if let dimension = Downloads.Dimension(rawValue: sum.dimension) {
                dimensions[dimension, default: []].append(Entry(name: sum.value, count: sum.count))
            }
        }
        byDimension = dimensions.mapValues { $0.sorted { ($1.count, $0.name) < ($0.count, $1.name) } }
    }

    /// The oldest first.
    static func lastDays(_ now: Int64) -> [String] { (0..<days).reversed().map { PackageIndex.day(now - $0 * 86_400_000_000) } }
}

extension PackageIndex {
    /// How often the files of a project were fetched from this index.
    ///
    /// - Parameter isWhole: whether dimensions are asked for beside the totals.
    /// - Returns: `nil` where there is no such project that everybody may see, or nothing is counted.
    package func downloadStatistics(of name: NormalizedName, isWhole: Bool = true) async throws -> DownloadStatistics? {
        guard downloads.isOn else { return nil }
        let now = clock.now()
        return try await database.read { tx in
            guard let project = try tx.projects.find(name), project.lifecycleStatus != .quarantined else { return nil }
            return DownloadStatistics(
                project: project.name,
                totals: try tx.downloads.totals(projectID: project.id),
                sums: try isWhole ? tx.downloads.sums(projectID: project.id, from: DownloadStatistics.lastDays(now)[0]) : [],
                now: now
            )
        }
    }
}
