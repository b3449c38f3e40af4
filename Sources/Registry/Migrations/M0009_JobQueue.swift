import JobQueue
import SQLDatabase

/// Priorities and the schedule of background work, and what its first entries look for.
enum M0009_JobQueue {
    static let migration = Migration(
        9,
        "job-queue",
        JobTable.schemaOfPriorities + ["CREATE INDEX release_descriptions_renderer ON release_descriptions (rendered_by, release_id)"]
    )
}
