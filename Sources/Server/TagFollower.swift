import Registry
import ServiceLifecycle

/// Drops from this process's caches what other processes change.
struct TagFollower: Service {
    let index: PackageIndex

    func run() async throws {
        await cancelWhenGracefulShutdown { await index.followTouchedTags() }
    }
}
