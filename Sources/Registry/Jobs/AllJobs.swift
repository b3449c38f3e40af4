package import JobQueue

/// Every kind of background work.
package enum AllJobs {
    package static var registry: JobRegistry<PackageIndex> {
        var registry = JobRegistry<PackageIndex>()
        registry.register(SweepOrphanFile.self)
        registry.register(CheckForTypo.self)
        registry.register(PurgeTags.self)
        return registry
    }
}
