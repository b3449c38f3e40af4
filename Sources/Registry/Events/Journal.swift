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

    /// The newest serial; 0 when nothing has happened yet.
    package func lastSerial() throws -> Int64 {
        try connection.execute("SELECT value FROM counters WHERE name = 'serial'")[0]["value"]
    }
}

extension Connection {
    package var journal: Journal { Journal(connection: self) }
}
