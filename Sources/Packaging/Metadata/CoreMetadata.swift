// What a distribution says about itself.

/// Core metadata 1.0 to 2.6 (PyPA core metadata specification), field by field as it was given; nil is an absent field.
///
/// Read one with ``init(form:)`` or ``init(email:)``; ``validated(by:)`` judges it and returns the form to store.
public struct CoreMetadata: Hashable, Sendable {
    /// One `Project-URL`.
    public struct ProjectURL: Hashable, Sendable {
        public let label: String
        public let url: String

        public init(label: String, url: String) {
            self.label = label
            self.url = url
        }
    }

    public var metadataVersion: String?
    public var name: String?
    public var version: String?
    public var dynamic: [String]?
    public var platforms: [String]?
    public var supportedPlatforms: [String]?
    public var summary: String?
    public var description: String?
    public var descriptionContentType: String?
    public var keywords: [String]?
    public var homePage: String?
    public var downloadURL: String?
    public var author: String?
    public var authorEmail: String?
    public var maintainer: String?
    public var maintainerEmail: String?
    public var license: String?
    public var licenseExpression: String?
    public var licenseFiles: [String]?
    public var classifiers: [String]?
    public var requiresDist: [String]?
    public var requiresPython: String?
    public var requiresExternal: [String]?
    public var projectURLs: [ProjectURL]?
    public var providesExtra: [String]?
    public var providesDist: [String]?
    public var obsoletesDist: [String]?
    public var importNames: [String]?
    public var importNamespaces: [String]?
    public var requires: [String]?
    public var provides: [String]?
    public var obsoletes: [String]?

    /// Metadata without any field.
    public init() {}

    static func textPath(_ field: MetadataField) -> WritableKeyPath<CoreMetadata, String?>? {
        switch field {
        case .metadataVersion: \.metadataVersion
        case .name: \.name
        case .version: \.version
        case .summary: \.summary
        case .description: \.description
        case .descriptionContentType: \.descriptionContentType
        case .homePage: \.homePage
        case .downloadURL: \.downloadURL
        case .author: \.author
        case .authorEmail: \.authorEmail
        case .maintainer: \.maintainer
        case .maintainerEmail: \.maintainerEmail
        case .license: \.license
        case .licenseExpression: \.licenseExpression
        case .requiresPython: \.requiresPython
        default: nil
        }
    }

    static func listPath(_ field: MetadataField) -> WritableKeyPath<CoreMetadata, [String]?>? {
        switch field {
        case .dynamic: \.dynamic
        case .platform: \.platforms
        case .supportedPlatform: \.supportedPlatforms
        case .keywords: \.keywords
        case .licenseFile: \.licenseFiles
        case .classifier: \.classifiers
        case .requiresDist: \.requiresDist
        case .requiresExternal: \.requiresExternal
        case .providesExtra: \.providesExtra
        case .providesDist: \.providesDist
        case .obsoletesDist: \.obsoletesDist
        case .importName: \.importNames
        case .importNamespace: \.importNamespaces
        case .requires: \.requires
        case .provides: \.provides
        case .obsoletes: \.obsoletes
        default: nil
        }
    }

    /// The fields that have a value, an empty list included.
    public var presentFields: [MetadataField] {
        MetadataField.allCases.filter { field in
            if let path = Self.textPath(field) { return self[keyPath: path] != nil }
            if let path = Self.listPath(field) { return self[keyPath: path] != nil }
            return projectURLs != nil
        }
    }
}
