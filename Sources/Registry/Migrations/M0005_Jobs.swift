import JobQueue
import SQLDatabase

/// Background work.
enum M0005_Jobs {
    static let migration = Migration(5, "jobs", JobTable.schema)
}
