// The fields of core metadata and their names.

/// A field of core metadata. The raw value is its dashed lower-case name, the one errors carry.
public enum MetadataField: String, Hashable, Sendable, CaseIterable {
    case metadataVersion = "metadata-version"
    case name
    case version
    case dynamic
    case platform
    case supportedPlatform = "supported-platform"
    case summary
    case description
    case descriptionContentType = "description-content-type"
    case keywords
    case homePage = "home-page"
    case downloadURL = "download-url"
    case author
    case authorEmail = "author-email"
    case maintainer
    case maintainerEmail = "maintainer-email"
    case license
    case licenseExpression = "license-expression"
    case licenseFile = "license-file"
    case classifier
    case requiresDist = "requires-dist"
    case requiresPython = "requires-python"
    case requiresExternal = "requires-external"
    case projectURL = "project-url"
    case providesExtra = "provides-extra"
    case providesDist = "provides-dist"
    case obsoletesDist = "obsoletes-dist"
    case importName = "import-name"
    case importNamespace = "import-namespace"
    case requires
    case provides
    case obsoletes

    /// How many values a field may have.
    enum Shape {
        case text, list, keywords, projectURLs
    }

    var shape: Shape {
        switch self {
        case .platform, .supportedPlatform, .licenseFile, .classifier, .dynamic, .requiresDist, .requiresExternal, .providesExtra, .providesDist,
            .obsoletesDist, .importName, .importNamespace, .requires, .provides, .obsoletes:
            .list
        case .keywords: .keywords
        case .projectURL: .projectURLs
        default: .text
        }
    }

    /// The metadata version that brought the field.
    public var introduced: MetadataVersion {
        switch self {
        case .supportedPlatform, .downloadURL, .classifier, .requires, .provides, .obsoletes: .v1_1
        case .maintainer, .maintainerEmail, .requiresDist, .providesDist, .obsoletesDist, .requiresPython, .requiresExternal, .projectURL: .v1_2
        case .descriptionContentType, .providesExtra: .v2_1
        case .dynamic: .v2_2
        case .licenseExpression, .licenseFile: .v2_4
        case .importName, .importNamespace: .v2_5
        default: .v1_0
        }
    }

    /// The name in an upload form (index §2.2): underscores, plural for most of the repeatable fields.
    public var formName: String {
        switch self {
        case .classifier: "classifiers"
        case .projectURL: "project_urls"
        default: String(decoding: rawValue.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
        }
    }

    /// The name with each word capitalized, as `Dynamic` values are stored: `Requires-Dist`.
    public var titleCased: String {
        var startsWord = true
        let bytes = rawValue.utf8.map { byte in
            defer { startsWord = byte == UInt8(ascii: "-") }
            return startsWord ? byte & ~0x20 : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The field of a form field name; nil for one that is no metadata. Extras have two names: the one of index §2.2, and that of PDM.
    public static func formField(_ name: String) -> MetadataField? {
        byFormName[name]
    }

    /// Whether `Dynamic` may name the field.
    var canBeDynamic: Bool {
        switch self {
        case .metadataVersion, .name, .version: false
        default: true
        }
    }

    private static let byFormName = [String: MetadataField](
        uniqueKeysWithValues: allCases.map { ($0.formName, $0) } + [("provides_extras", .providesExtra)]
    )
}
