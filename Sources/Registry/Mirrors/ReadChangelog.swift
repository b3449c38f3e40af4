// What mirrors ask for to learn what changed (index §4).

import SQLDatabase

extension PackageIndex {
    /// The most lines that are read of the journal at once.
    package static let changelogLimit = 50_000

    /// The newest serial; `nil` when nothing has happened yet.
    package func lastSerial() async throws -> Int64? {
        let serial = try await readForPages { try $0.journal.lastSerial() }
        return serial > 0 ? serial : nil
    }

    /// The lines of the journal behind a serial, the oldest first, and no more than ``changelogLimit``: whoever gets so many asks again behind the last.
    ///
    /// Whatever adds a line touches a tag, so that a replica which shows every tag shows every line.
    package func readChangelog(since serial: Int64) async throws -> [JournalLine] {
        try await readForPages { try $0.journal.lines(after: serial, limit: Self.changelogLimit) }
    }
}
