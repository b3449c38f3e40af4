// What a site may decide about metadata.

/// The choices an index has in judging metadata.
public struct MetadataRules: Sendable {
    /// Whether versions with a local part (`1.0+company.1`) may be uploaded. A public index says no (PEP 440).
    public var allowLocalVersions: Bool

    /// The newest metadata version taken.
    public var newestMetadataVersion: MetadataVersion

    /// Whether the charset of a description content type must be spelled `UTF-8` (index §2.5), not in any case as in newer `packaging`.
    public var requiresUpperCaseCharset: Bool

    /// Rules of a public index that a site may relax.
    public enum Relaxable: Hashable, Sendable, CaseIterable {
        /// No `Private ::` classifiers.
        case privateClassifiers
        /// No classifiers that are unknown or deprecated.
        case unknownClassifiers
        /// No dependencies that are URLs.
        case directURLs
    }

    /// The rules that are no reason to refuse metadata; see `CoreMetadata.relaxedErrors(by:)`.
    public var relaxed: Set<Relaxable>

    /// What classifiers and licences are looked up in.
    public var identifiers: Identifiers

    public init(
        allowLocalVersions: Bool = false,
        newestMetadataVersion: MetadataVersion = .v2_5,
        requiresUpperCaseCharset: Bool = true,
        relaxed: Set<Relaxable> = [],
        identifiers: Identifiers = .bundled
    ) {
        self.identifiers = identifiers
        self.relaxed = relaxed
        self.allowLocalVersions = allowLocalVersions
        self.newestMetadataVersion = newestMetadataVersion
        self.requiresUpperCaseCharset = requiresUpperCaseCharset
    }

    /// The rules of the reference index.
    public static let index = MetadataRules()

    /// The rules of a team's private index.
    public static let team = MetadataRules(allowLocalVersions: true, relaxed: Set(Relaxable.allCases))

    /// The verdicts of PyPA `packaging` 26.3, which also takes metadata 2.6.
    public static let packagingLibrary = MetadataRules(allowLocalVersions: true, newestMetadataVersion: .v2_6, requiresUpperCaseCharset: false)
}
