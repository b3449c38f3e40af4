import SQLDatabase

/// Which files are in the archive only (index §6.2).
///
/// A table of its own, and not a column of `files`: a file that is not in it is served from where it always was, which is right for all that there are, also for
/// those that the version before still publishes; and counting and finding the few that wait needs no index over all files.
enum M0013_UncopiedFiles {
    static let migration = Migration(
        13,
        "uncopied-files",
        [
            """
            CREATE TABLE uncopied_files (
                file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
                look_after \(.timestamp) NOT NULL,
                fault TEXT
            )
            """,
            "CREATE INDEX uncopied_files_by_time ON uncopied_files (look_after, file_id)",
        ]
    )
}
