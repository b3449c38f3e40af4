// What the index says about one project: `/simple/{name}/`.

/// A project page of the simple repository API (PEP 503, 691, 700, 792), as plain values in the order they are shown in.
public struct SimpleProject: Hashable, Sendable {
    /// The version of the API that pages declare (PEP 629).
    public static let apiVersion: StaticString = "1.4"

    /// A status of PEP 792.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case active, archived, quarantined, deprecated
    }

    public let name: NormalizedName
    public let status: Status
    public let lastSerial: Int64

    /// Versions that have a listed file, in version order.
    public let versions: [String]

    /// Files by version, then by name.
    public let files: [SimpleFile]

    public init(name: NormalizedName, status: Status, lastSerial: Int64, versions: [String], files: [SimpleFile]) {
        self.name = name
        self.status = status
        self.lastSerial = lastSerial
        self.versions = versions
        self.files = files
    }
}
