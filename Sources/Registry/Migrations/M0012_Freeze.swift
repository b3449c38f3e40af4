import SQLDatabase

/// Until when nothing may be written (``Freeze``).
enum M0012_Freeze {
    static let migration = Migration(
        12,
        "freeze",
        // A restore sets it before this step comes to an older backup.
        ["INSERT INTO counters (name, value) VALUES ('frozen-until', 0) ON CONFLICT (name) DO NOTHING"]
    )
}
