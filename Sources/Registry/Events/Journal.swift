package import SQLDatabase

/// What the public journal says of a change; mirrors parse these words (index §0.7).
package enum JournalAction: Sendable, Hashable {
    case create
    case addRole(Role.Name, String)
    case newRelease
    case addFile(pythonVersion: String, filename: String)

    package var text: String {
        switch self {
        case .create: "create"
        case .addRole(let role, let name): "add \(role.rawValue) \(name)"
        case .newRelease: "new release"
        case .addFile(let pythonVersion, let filename): "add \(pythonVersion) file \(filename)"
        }
    }
}

/// A line of the journal, as mirrors read it.
package struct JournalLine: Sendable, Hashable {
    package let serial: Int64
    /// As it was spelled then.
    package let projectName: String
    package let version: String?
    package let action: String
    /// Microseconds since 1970.
    package let submittedAt: Int64

    init(row: Row) throws {
        serial = try row[at: 0]
        projectName = try row[at: 1]
        version = try row[at: 2]
        action = try row[at: 3]
        submittedAt = try row[at: 4]
    }
}

/// One line to be added to the journal.
struct JournalEntry: Sendable {
    let version: String?
    let action: JournalAction
}

/// Queries on the public journal.
package struct Journal {
    let connection: any Connection

    /// Adds lines about one project and numbers them.
    ///
    /// The next number is taken from a row that stays locked until the transaction ends, not from a sequence: serials are in commit order and without
    /// gaps, and nobody ever sees one before all lower ones. So call this last, when all slow work is done.
    func append(_ entries: [JournalEntry], to project: Project, name: String, by username: String?, now: Int64) throws {
        let count = entries.count
        guard count > 0 else { return }
        let last = try takeSerials(count)
        for (offset, entry) in entries.enumerated() {
            try connection.execute(
                """
                INSERT INTO journal (serial, project_name, version, action, submitted_by, submitted_at)
                VALUES (\(last - Int64(count - 1 - offset)), \(name), \(entry.version), \(entry.action.text), \(username), \(now))
                """
            )
        }
        try connection.execute("UPDATE projects SET last_serial = \(last) WHERE id = \(project.id)")
        try connection.touchEverywhere(project)
    }

    /// Takes the next numbers and keeps everybody else from taking any until the transaction ends.
    ///
    /// - Returns: the last of them.
    func takeSerials(_ count: Int) throws -> Int64 {
        try connection.execute("UPDATE counters SET value = value + \(count) WHERE name = 'serial' RETURNING value")[0]["value"]
    }

    /// The lines behind a serial, the oldest first.
    package func lines(after serial: Int64, limit: Int) throws -> [JournalLine] {
        try connection.execute(
            """
            SELECT serial, project_name, version, action, submitted_at FROM journal WHERE serial > \(serial) ORDER BY serial LIMIT \(Int64(limit))
            """
        ).map(JournalLine.init)
    }

    /// The newest serial; 0 when nothing has happened yet.
    package func lastSerial() throws -> Int64 {
        try connection.execute("SELECT value FROM counters WHERE name = 'serial'")[0]["value"]
    }
}

extension Connection {
    package var journal: Journal { Journal(connection: self) }
}
