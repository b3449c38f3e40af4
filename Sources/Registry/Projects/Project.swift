package import Packaging
import SQLDatabase

/// A project: a name that releases are published under.
package struct Project: Sendable, Hashable {
    /// Where a project stands in its life (index §0.9).
    package enum LifecycleStatus: String, Sendable, SQLConvertible, CaseIterable {
        case archived
        case archivedNoIndex = "archived-noindex"
        case quarantined = "quarantine-enter"
        case quarantineLifted = "quarantine-exit"

        /// The marker that clients see (PEP 792).
        package static func marker(of status: LifecycleStatus?) -> SimpleProject.Status {
            switch status {
            case nil, .quarantineLifted: .active
            case .archived, .archivedNoIndex: .archived
            case .quarantined: .quarantined
            }
        }
    }

    package let id: Int64
    /// The id that tokens carry.
    package let uuid: String
    /// The name as it was last uploaded.
    package let name: String
    package let normalizedName: NormalizedName
    package let organizationID: Int64?
    package let lifecycleStatus: LifecycleStatus?
    /// The serial of its newest journal entry.
    package let lastSerial: Int64
    /// Bytes in all its files.
    package let totalSize: Int64
    /// Its own limits in bytes, where an administrator raised them.
    package let fileSizeLimit: Int64?
    package let totalSizeLimit: Int64?

    init(row: Row) throws {
        id = try row["id"]
        uuid = try row["uuid"]
        name = try row["name"]
        normalizedName = NormalizedName(normalizing: try row["normalized_name"])
        organizationID = try row["organization_id"]
        lifecycleStatus = try row["lifecycle_status"]
        lastSerial = try row["last_serial"]
        totalSize = try row["total_size"]
        fileSizeLimit = try row["file_size_limit"]
        totalSizeLimit = try row["total_size_limit"]
    }
}
