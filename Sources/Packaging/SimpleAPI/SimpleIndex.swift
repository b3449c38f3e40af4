// The list of all projects: `/simple/`.

/// The index page of the simple repository API (PEP 503, 691), as plain values.
public struct SimpleIndex: Hashable, Sendable {
    /// One project of the list.
    public struct Entry: Hashable, Sendable {
        /// The name as its owners spell it.
        public let name: String
        public let normalizedName: NormalizedName
        public let lastSerial: Int64

        public init(name: String, normalizedName: NormalizedName, lastSerial: Int64) {
            self.name = name
            self.normalizedName = normalizedName
            self.lastSerial = lastSerial
        }
    }

    /// The last serial of the whole index.
    public let lastSerial: Int64

    /// The projects by normalized name.
    public let projects: [Entry]

    public init(lastSerial: Int64, projects: [Entry]) {
        self.lastSerial = lastSerial
        self.projects = projects
    }
}
