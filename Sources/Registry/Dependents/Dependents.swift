package import Packaging
package import SQLDatabase

/// Queries on which projects need which. Names are normalized.
package struct Dependents {
    let connection: any Connection

    /// How many projects need this one.
    package func count(of name: NormalizedName) throws -> Int {
        try connection.execute(Self.counting(name))[0][at: 0]
    }

    /// Projects that need this one, by name.
    package func list(of name: NormalizedName, offset: Int, limit: Int) throws -> [Dependent] {
        try connection.execute(Self.listing(name, offset: offset, limit: limit)).map(Dependent.init)
    }

    static func counting(_ name: NormalizedName) -> SQL { "SELECT COUNT(*) AS count FROM dependents WHERE dependency = \(name.value)" }

    /// The page is cut out before anything is looked up for its rows.
    static func listing(_ name: NormalizedName, offset: Int, limit: Int) -> SQL {
        """
        SELECT d.dependent, d.specifier, d.is_optional, p.name, r.version, r.summary
        FROM (SELECT dependent, specifier, is_optional FROM dependents WHERE dependency = \(name.value) ORDER BY dependent LIMIT \(limit) OFFSET \(offset)) d
        JOIN projects p ON p.normalized_name = d.dependent AND p.lifecycle_status IS DISTINCT FROM 'quarantine-enter' JOIN releases r ON r.id = (\(Releases.standingFor("p.id")))
        ORDER BY d.dependent
        """
    }

    /// Makes what projects need what it is now.
    func update(_ names: [String]) throws {
        // One at a time for each project: an older state must not come after a newer one.
        try connection.execute("SELECT id FROM projects WHERE normalized_name IN (\(list: names)) ORDER BY id \(sqlite: "", postgres: "FOR UPDATE")")
        var wanted: [Edge: Need] = [:]
        for row in try connection.execute(
            """
            SELECT p.normalized_name, d.specifier
            FROM projects p JOIN releases r ON r.id = (\(Releases.standingFor("p.id")))
            JOIN release_dependencies d ON d.release_id = r.id AND d.kind = 'requires_dist'
            WHERE p.normalized_name IN (\(list: names)) AND p.lifecycle_status IS DISTINCT FROM 'quarantine-enter'
            ORDER BY d.release_id, d.position
            """
        ) {
            // What was published before there was a check may be no requirement.
            guard let requirement = try? Requirement(row["specifier", as: String.self]) else { continue }
            let edge = Edge(dependency: requirement.normalizedName.value, dependent: try row["normalized_name"])
            let need = Need(specifier: requirement.specifier.description, isOptional: requirement.marker.map { "\($0)".contains("extra") } ?? false)
            // Of several, the one that always counts.
            if wanted[edge]?.isOptional ?? true { wanted[edge] = need }
        }
        let rows = try connection.execute("SELECT dependency, dependent, specifier, is_optional FROM dependents WHERE dependent IN (\(list: names))")
        for row in rows {
            let edge = Edge(dependency: try row["dependency"], dependent: try row["dependent"])
            if wanted[edge] == Need(specifier: try row["specifier"], isOptional: try row["is_optional"]) {
                wanted[edge] = nil
            } else {
                try connection.execute("DELETE FROM dependents WHERE dependency = \(edge.dependency) AND dependent = \(edge.dependent)")
            }
        }
        for (edge, need) in wanted.sorted(by: { ($0.key.dependency, $0.key.dependent) < ($1.key.dependency, $1.key.dependent) }) {
            try connection.execute(
                """
                INSERT INTO dependents (dependency, dependent, specifier, is_optional)
                VALUES (\(edge.dependency), \(edge.dependent), \(need.specifier), \(need.isOptional))
                ON CONFLICT (dependency, dependent) DO UPDATE SET specifier = excluded.specifier, is_optional = excluded.is_optional
                """
            )
        }
    }

    private struct Edge: Hashable {
        let dependency: String
        let dependent: String
    }

    private struct Need: Hashable {
        let specifier: String
        let isOptional: Bool
    }
}

/// A project that needs another one.
package struct Dependent: Sendable, Hashable {
    package let name: String
    package let normalizedName: String
    package let version: String
    package let summary: String
    /// Which versions it takes; empty: any.
    package let specifier: String
    /// Whether only an extra of it needs the other one.
    package let isOptional: Bool

    init(row: Row) throws {
        name = try row["name"]
        normalizedName = try row["dependent"]
        version = try row["version"]
        summary = try row["summary", as: String?.self] ?? ""
        specifier = try row["specifier"]
        isOptional = try row["is_optional"]
    }
}

extension Connection {
    package var dependents: Dependents { Dependents(connection: self) }
}
