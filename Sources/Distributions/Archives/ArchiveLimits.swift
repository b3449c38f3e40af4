/// How much an archive may ask of the reader before it is refused. Every count comes from an untrusted file.
public struct ArchiveLimits: Sendable, Hashable {
    /// The most members.
    public var entries: Int
    /// The most bytes in one member's path.
    public var nameBytes: Int
    /// The most bytes in a zip's central directory, and in one extended tar header.
    public var directoryBytes: Int
    /// The most bytes a compressed tar may expand to.
    public var expandedBytes: Int64
    /// The most bytes of a `METADATA` or `PKG-INFO` file.
    public var metadataBytes: Int

    public init(
        entries: Int = 200_000,
        nameBytes: Int = 4096,
        directoryBytes: Int = 64 << 20,
        expandedBytes: Int64 = 4 << 30,
        metadataBytes: Int = 10 << 20
    ) {
        self.entries = entries
        self.nameBytes = nameBytes
        self.directoryBytes = directoryBytes
        self.expandedBytes = expandedBytes
        self.metadataBytes = metadataBytes
    }
}
