// The tables, as steps for the program's migrations.

public import SQLDatabase

extension JobTable {
    /// The first step.
    public static let schema: [SQL] = [
        """
        CREATE TABLE jobs (
            id \(.primaryKey),
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            deduplication_key TEXT,
            run_after \(.timestamp) NOT NULL,
            attempt BIGINT NOT NULL DEFAULT 0,
            lease TEXT,
            leased_until \(.timestamp),
            last_error TEXT,
            parked_at \(.timestamp),
            created_at \(.timestamp) NOT NULL
        )
        """,
        // A leased job has begun: its key no longer stands for work to come.
        "CREATE UNIQUE INDEX jobs_deduplication ON jobs (kind, deduplication_key) WHERE lease IS NULL AND parked_at IS NULL",
        "CREATE INDEX jobs_claimable ON jobs (run_after, id) WHERE parked_at IS NULL",
    ]

    /// The second step: priorities, the schedule, parked jobs by age.
    public static let schemaOfPriorities: [SQL] = [
        "ALTER TABLE jobs ADD COLUMN priority BIGINT NOT NULL DEFAULT 1",
        // From now on `run_after` of a leased job is the end of its lease. So one column says when a job may be taken, and an index finds it however
        // many others are leased. The old column goes, because a worker that only knew it would take jobs twice.
        "UPDATE jobs SET run_after = leased_until WHERE lease IS NOT NULL",
        "ALTER TABLE jobs DROP COLUMN leased_until",
        "DROP INDEX jobs_claimable",
        "CREATE INDEX jobs_by_priority ON jobs (priority, run_after, id) WHERE parked_at IS NULL",
        "CREATE INDEX jobs_parked ON jobs (parked_at, id) WHERE parked_at IS NOT NULL",
        "CREATE TABLE job_schedule (name TEXT PRIMARY KEY, cron TEXT NOT NULL, next_due \(.timestamp) NOT NULL)",
    ]
}
