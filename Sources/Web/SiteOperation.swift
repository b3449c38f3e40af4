// What operators see of a site.

import Backends
import Registry
import SQLDatabase
package import ServiceLifecycle

/// Counters of a site that runs, and the questions that supervisors ask it.
package final class SiteOperation: Sendable {
    /// Jobs are counted at most this often, however many ask.
    static let jobLoadLifetime: Duration = .seconds(5)

    package let requests = RequestMetrics()
    let connections: ConnectionCount
    /// To be run as the last service of all, which is stopped first.
    package let departure: Departure
    private let pages: PageCache
    let readiness: SharedAnswer<Readiness>
    private let jobLoad: SharedAnswer<JobLoad?>
    private let uncopied: SharedAnswer<UncopiedFiles.Count?>
    private let index: PackageIndex
    private let version: String
    private let counters: MetricsRegistry?

    init(index: PackageIndex, pages: PageCache, settings: WebSettings, temporaryFiles: TemporaryFiles, version: String, counters: MetricsRegistry?) {
        self.index = index
        self.version = version
        self.pages = pages
        connections = ConnectionCount(limit: settings.connections)
        self.counters = counters
        departure = Departure(time: settings.departure)
        readiness = ReadinessController.answer(index, temporaryFiles)
        // A scrape has seconds, and most of what it wants does not need the database.
        jobLoad = SharedAnswer(keptFor: Self.jobLoadLifetime, patience: .seconds(1)) { try? await index.jobLoad() }
        uncopied = SharedAnswer(keptFor: Self.jobLoadLifetime, patience: .seconds(1)) { (try? await index.uncopiedCount()) ?? nil }
    }

    /// To be run beside the server.
    package var services: [any Service] { [readiness, jobLoad, uncopied] }

    /// The page of metrics.
    package func metrics() async -> String {
        var text = MetricsText()
        requests.write(to: &text)
        pages.counts.write(to: &text)
        text.only("emporium_http_connections", .gauge, "Open connections.", Double(connections.current))
        Self.write(index.database.load + (index.replica?.engine.load.map { $0.named("replica") } ?? []), to: &text)
        Self.write(index.judgingLine.load, to: &text)
        if let replica = index.replica {
            text.family("emporium_replica_reads_total", .counter, "Reads of pages that a replica was asked for, by what became of them.")
            for outcome in Replica.Outcome.allCases {
                text.sample("emporium_replica_reads_total", [("outcome", outcome.rawValue)], Int(replica.counts[outcome] ?? 0))
            }
        }
        Self.write(await jobLoad.fresh() ?? nil, to: &text)
        if let archive = index.archive { Self.write(archive, await uncopied.fresh() ?? nil, to: &text) }
        counters?.write(to: &text)
        ProcessMetrics.write(to: &text)
        text.family("emporium_build_info", .gauge, "The version that runs.")
        text.sample("emporium_build_info", [("version", version)], 1)
        return text.text
    }

    private static func write(_ pools: [PoolLoad], to text: inout MetricsText) {
        let families: [(name: String, kind: MetricsText.Kind, help: String, value: (PoolLoad) -> Int)] = [
            ("emporium_database_pool_size", .gauge, "How many callers the pool serves at once.", { $0.size }),
            ("emporium_database_pool_busy", .gauge, "How many callers the pool is serving.", { $0.busy }),
            ("emporium_database_pool_waiting", .gauge, "Callers that wait for their turn.", { $0.waiting }),
            ("emporium_database_pool_waiting_limit", .gauge, "How many callers may wait.", { $0.waitingLimit }),
            ("emporium_database_pool_rejected_total", .counter, "Callers that were turned away because too many waited.", { Int($0.rejected) }),
            ("emporium_database_pool_expired_total", .counter, "Callers that waited as long as they may, in vain.", { Int($0.expired) }),
            ("emporium_database_pool_cancelled_total", .counter, "Callers that went away while they waited.", { Int($0.cancelled) }),
        ]
        for family in families {
            text.family(family.name, family.kind, family.help)
            for pool in pools { text.sample(family.name, [("pool", pool.name)], family.value(pool)) }
        }
    }

    private static func write(_ line: JudgingLine.Load, to text: inout MetricsText) {
        text.only("emporium_upload_judging_busy", .gauge, "Forms and files of uploads that are being judged.", Double(line.busy))
        text.only("emporium_upload_judging_waiting", .gauge, "Forms and files of uploads that wait for their sender's turn.", Double(line.waiting))
        text.only(
            "emporium_upload_judging_rejected_total",
            .counter,
            "Forms and files of uploads that were turned away because too many waited.",
            Double(line.rejected)
        )
    }

    /// - Parameter count: `nil` when the database did not say.
    private static func write(_ archive: Archive, _ count: UncopiedFiles.Count?, to text: inout MetricsText) {
        text.family("emporium_archive_downloads_total", .counter, "Files read from the archive, by why not from the served storage.")
        for reason in Archive.Reason.allCases {
            text.sample("emporium_archive_downloads_total", [("reason", reason.rawValue)], archive.served[reason] ?? 0)
        }
        text.family("emporium_uncopied_files", .gauge, "Files that are in the archive and not yet in the served storage.")
        if let count { text.sample("emporium_uncopied_files", [], count.waiting) }
        text.family("emporium_unreconciled_files", .gauge, "Those of them whose bytes in the archive are not what their rows say.")
        if let count { text.sample("emporium_unreconciled_files", [], count.unreconciled) }
    }

    /// - Parameter load: `nil` when the database did not say: no number is better than an old one.
    private static func write(_ load: JobLoad?, to text: inout MetricsText) {
        text.only("emporium_job_queue_up", .gauge, "Whether the jobs could be counted: 1 or 0.", load == nil ? 0 : 1)
        text.family("emporium_job_queue_jobs", .gauge, "Background jobs by kind and state: waiting, running or parked.")
        for kind in load?.kinds ?? [] {
            for (state, count) in [("waiting", kind.waiting), ("running", kind.running), ("parked", kind.parked)] {
                text.sample("emporium_job_queue_jobs", [("kind", kind.name), ("state", state)], count)
            }
        }
        text.family("emporium_job_queue_oldest_due_seconds", .gauge, "How long the oldest job that could run has been due.")
        if let load { text.sample("emporium_job_queue_oldest_due_seconds", [], Double(load.oldestDue) / 1e6) }
    }
}
