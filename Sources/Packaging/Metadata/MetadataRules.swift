// What a site may decide about metadata.

/// The choices an index has in judging metadata.
public struct MetadataRules: Sendable {
    /// Whether versions with a local part (`1.0+company.1`) may be uploaded. A public index says no (PEP 440).
    public var allowLocalVersions: Bool

    /// The newest metadata version taken.
    public var newestMetadataVersion: MetadataVersion

    /// Whether the charset of a description content type must be spelled `UTF-8` (index §2.5), not in any case as in newer `packaging`.
    public var requiresUpperCaseCharset: Bool

    /// What classifiers and licences are looked up in.
    public var identifiers: Identifiers

    public init(
        allowLocalVersions: Bool = false,
        newestMetadataVersion: MetadataVersion = .v2_5,
        requiresUpperCaseCharset: Bool = true,
        identifiers: Identifiers = .bundled
    ) {
        self.identifiers = identifiers
        self.allowLocalVersions = allowLocalVersions
        self.newestMetadataVersion = newestMetadataVersion
        self.requiresUpperCaseCharset = requiresUpperCaseCharset
    }

    /// The rules of the reference index.
    public static let index = MetadataRules()

    /// The rules of a team's private index.
    public static let team = MetadataRules(allowLocalVersions: true)

    /// The verdicts of PyPA `packaging` 26.3, which also takes metadata 2.6.
    public static let packagingLibrary = MetadataRules(allowLocalVersions: true, newestMetadataVersion: .v2_6, requiresUpperCaseCharset: false)
}
