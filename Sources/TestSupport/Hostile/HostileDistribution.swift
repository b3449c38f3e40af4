// Files that somebody might try to publish.

/// A distribution with one trick in it, and the upload that goes with it. The verdict it deserves is in `Tests/Fixtures/hostile/verdicts.tsv`.
package struct HostileDistribution: Sendable, CustomStringConvertible {
    /// What is odd about it: a name of its own.
    package let trick: String
    /// The name it is published under.
    package let filename: String
    package let bytes: [UInt8]
    /// Fields of the upload form that differ from those of a right upload of `demo` 1.0; of a field given twice, both are sent.
    package let fields: [(String, String)]

    init(_ trick: String, filename: String, bytes: [UInt8], fields: [(String, String)] = []) {
        self.trick = trick
        self.filename = filename
        self.bytes = bytes
        self.fields = fields
    }

    package var description: String { trick }
}

/// All tricks known here. Every one is built from code, so that a reader sees what is wrong with it.
package enum HostileDistributions {
    package static let all: [HostileDistribution] = [
        ZipTricks.all, ZipFramingTricks.all, ZipEndTricks.all, TarTricks.all, TarHeaderTricks.all, TarLinkTricks.all, SourceDistributionTricks.all,
        WheelTricks.all, RecordTricks.all, EntryPointTricks.all, FilenameTricks.all, MetadataTricks.all, ContentTricks.all, PolyglotTricks.all,
    ].flatMap { $0 }
}
