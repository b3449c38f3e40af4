package import SQLDatabase

/// An organization that owns projects.
package struct Organization: Sendable, Hashable {
    package let id: Int64
    package let name: String
    /// Whether it is in good standing: its projects take uploads.
    package let isActive: Bool
    /// Its own limits in bytes, where an administrator raised them.
    package let fileSizeLimit: Int64?
    package let totalSizeLimit: Int64?

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        isActive = try row["is_active"]
        fileSizeLimit = try row["file_size_limit"]
        totalSizeLimit = try row["total_size_limit"]
    }
}

/// Queries on organizations.
package struct Organizations {
    let connection: any Connection

    package func find(id: Int64) throws -> Organization? {
        try connection.execute("SELECT id, name, is_active, file_size_limit, total_size_limit FROM organizations WHERE id = \(id)")
            .first.map(Organization.init)
    }
}

extension Connection {
    package var organizations: Organizations { Organizations(connection: self) }
}
