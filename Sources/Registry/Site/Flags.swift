package import SQLDatabase

/// Site-wide switches (index §0.8).
package enum SiteFlag: String, Sendable, CaseIterable {
    case readOnly = "read-only"
    case disallowNewUpload = "disallow-new-upload"
    case disallowNewProjectRegistration = "disallow-new-project-registration"
    case disallowNewUserRegistration = "disallow-new-user-registration"
    case disallowDeletion = "disallow-deletion"
    case disablePEP740 = "disable-pep740"
    case disableUploadScanning = "disable-upload-scanning"
}

/// Queries on flags.
package struct Flags {
    let connection: any Connection

    /// The flags that are on.
    package func on() throws -> Set<SiteFlag> {
        try Set(connection.execute("SELECT name FROM flags WHERE is_on").compactMap { SiteFlag(rawValue: try $0["name"]) })
    }

    package func set(_ flag: SiteFlag, _ isOn: Bool) throws {
        try connection.execute("UPDATE flags SET is_on = \(isOn) WHERE name = \(flag.rawValue)")
    }
}

extension Connection {
    package var flags: Flags { Flags(connection: self) }
}
