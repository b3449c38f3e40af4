package import JobQueue

/// Every kind of background work.
package enum AllJobs {
    package static var registry: JobRegistry<PackageIndex> {
        var registry = JobRegistry<PackageIndex>()
        registry.register(SweepOrphanFile.self)
        registry.register(CheckForTypo.self)
        registry.register(PurgeTags.self)
        registry.register(RenderDescriptions.self)
        registry.register(PruneJobs.self)
        registry.register(CopyToServed.self)
        registry.register(ReconcileStorages.self)
        registry.register(PruneSessions.self)
        registry.register(SendMail.self)
        registry.register(AnnounceTerms.self)
        registry.register(ReindexProjects.self)
        registry.register(RebuildSearch.self)
        registry.register(FoldDownloads.self)
        registry.register(SummarizeContents.self)
        registry.register(SummarizeOlderFiles.self)
        return registry
    }

    /// What runs when, in UTC.
    package static let schedule: JobSchedule<PackageIndex> = [
        ScheduledJob("render-descriptions", cron: "*/5 * * * *", job: RenderDescriptions()),
        ScheduledJob("reconcile-storages", cron: "*/15 * * * *", job: ReconcileStorages()),
        ScheduledJob("prune-sessions", cron: "20 * * * *", job: PruneSessions()),
        ScheduledJob("announce-terms", cron: "*/10 * * * *", job: AnnounceTerms()),
        ScheduledJob("rebuild-search", cron: "0 6 * * *", job: RebuildSearch()),
        ScheduledJob("fold-downloads", cron: "10 4 * * *", job: FoldDownloads()),
        ScheduledJob("summarize-older-files", cron: "50 * * * *", job: SummarizeOlderFiles()),
        ScheduledJob("prune-jobs", cron: "40 3 * * *", job: PruneJobs()),
    ]
}
