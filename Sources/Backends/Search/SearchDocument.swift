/// What can be found: fields, most of them text (platform §7.6).
public struct SearchDocument: Sendable, Hashable {
    /// Its name in the one spelling that all its spellings share; no two documents have the same.
    public var id: String
    /// The name as people read it.
    public var name: String
    public var version: String
    public var summary: String
    /// Plain text or markup, of any length: engines look at as much as they bear.
    public var description: String
    public var keywords: [String]
    public var author: String
    public var authorEmail: String
    public var maintainer: String
    public var maintainerEmail: String
    public var license: String
    public var homePage: String
    public var downloadURL: String
    public var platform: String
    /// Paths whose parts are divided by ` :: `.
    public var classifiers: [String]
    /// When its version came to be, in microseconds since 1970.
    public var createdAt: Int64

    public init(
        id: String,
        name: String,
        version: String,
        summary: String = "",
        description: String = "",
        keywords: [String] = [],
        author: String = "",
        authorEmail: String = "",
        maintainer: String = "",
        maintainerEmail: String = "",
        license: String = "",
        homePage: String = "",
        downloadURL: String = "",
        platform: String = "",
        classifiers: [String] = [],
        createdAt: Int64
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.summary = summary
        self.description = description
        self.keywords = keywords
        self.author = author
        self.authorEmail = authorEmail
        self.maintainer = maintainer
        self.maintainerEmail = maintainerEmail
        self.license = license
        self.homePage = homePage
        self.downloadURL = downloadURL
        self.platform = platform
        self.classifiers = classifiers
        self.createdAt = createdAt
    }
}
