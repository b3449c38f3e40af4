/// How much an archive may ask of the reader before it is refused. Every count comes from an untrusted file.
public struct ArchiveLimits: Sendable, Hashable {
    /// The most members.
    public var entries: Int
    /// The most bytes in one member's path.
    public var nameBytes: Int
    /// The most bytes in the paths of all members together, what links point to included: they are kept, contents are not.
    public var pathBytes: Int
    /// The most bytes in a zip's central directory, and in one extended tar header.
    public var directoryBytes: Int
    /// The most bytes a compressed tar may expand to.
    public var expandedBytes: Int64
    /// Beyond `expansionFloor`, the most times an archive may grow when it is expanded.
    public var expansionRatio: Int64
    /// Archives that expand to no more bytes than this may grow by any factor.
    public var expansionFloor: Int64
    /// The most bytes of a `METADATA` or `PKG-INFO` file.
    public var metadataBytes: Int
    /// Whether names that are not UTF-8 are read as `ForeignName` has them, instead of refusing the archive. Only for looking at it: nothing
    /// that accepts an archive may set it.
    var allowsForeignNames = false

    /// The same limits, for looking at an archive whatever the names in it.
    var allowingForeignNames: ArchiveLimits {
        var limits = self
        limits.allowsForeignNames = true
        return limits
    }

    public init(
        entries: Int = 200_000,
        nameBytes: Int = 4096,
        pathBytes: Int = 32 << 20,
        directoryBytes: Int = 64 << 20,
        expandedBytes: Int64 = 4 << 30,
        expansionRatio: Int64 = 50,
        expansionFloor: Int64 = 64 << 20,
        metadataBytes: Int = 10 << 20
    ) {
        self.entries = entries
        self.nameBytes = nameBytes
        self.pathBytes = pathBytes
        self.directoryBytes = directoryBytes
        self.expandedBytes = expandedBytes
        self.expansionRatio = expansionRatio
        self.expansionFloor = expansionFloor
        self.metadataBytes = metadataBytes
    }

    /// The most bytes an archive of this size may expand to (index §2.10): more than the floor only within the ratio.
    func expansionLimit(ofCompressedBytes size: Int64) -> Int64 {
        let (scaled, isTooLarge) = size.multipliedReportingOverflow(by: expansionRatio)
        return isTooLarge ? .max / 2 : min(.max / 2, max(expansionFloor, scaled))
    }
}
