import SQLDatabase

/// What was noticed about projects, and later about people: for those who keep the index safe.
enum M0007_Observations {
    static let migration = Migration(
        7,
        "observations",
        [
            // No foreign key to the subject, and its name beside its id: an observation outlives what it is about.
            """
            CREATE TABLE observations (
                id \(.primaryKey),
                kind TEXT NOT NULL,
                subject_kind TEXT NOT NULL,
                subject_id BIGINT NOT NULL,
                subject_name TEXT NOT NULL,
                observer_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
                summary TEXT NOT NULL,
                payload TEXT NOT NULL,
                observed_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX observations_subject ON observations (subject_kind, subject_id, kind)",
            "CREATE INDEX observations_kind ON observations (kind, observed_at)",
        ]
    )
}
