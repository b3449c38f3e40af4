package import Packaging
package import SQLDatabase

/// Queries on the names that no new project may take.
package struct ProhibitedNames {
    let connection: any Connection

    func contains(_ name: NormalizedName) throws -> Bool {
        try !connection.execute("SELECT 1 AS found FROM prohibited_names WHERE normalized_name = \(name.value)").isEmpty
    }

    package func insert(_ name: NormalizedName, comment: String, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO prohibited_names (normalized_name, comment, prohibited_at) VALUES (\(name.value), \(comment), \(now))
            ON CONFLICT (normalized_name) DO NOTHING
            """
        )
    }
}

extension Connection {
    package var prohibitedNames: ProhibitedNames { ProhibitedNames(connection: self) }
}
