// A project as its pages and documents show it.

package import Packaging
import SQLDatabase

/// Everything that is public about a project, and about one of its releases.
package struct ProjectDetails: Sendable {
    /// As it was last uploaded.
    package let name: String
    package let normalizedName: NormalizedName
    package let status: Project.LifecycleStatus?
    package let lastSerial: Int64
    /// Microseconds since 1970.
    package let createdAt: Int64
    /// Bytes in all its files.
    package let totalSize: Int64
    /// The normalized name of the organization that owns it.
    package let organization: String?
    /// Owners first, then by user name.
    package let people: [Person]
    /// The newest version first; those in quarantine are not among them.
    package let releases: [ReleaseSummary]
    /// The one that was asked for, or that stands for the project.
    package let shown: ReleaseDetails
    /// What the file has inside that says most of the shown release; `nil` while nobody has looked, or where it can not be read.
    package let inside: Inside?

    /// The inside of a file in a few words.
    package struct Inside: Sendable, Hashable {
        package let filename: String
        package let facts: FileContents.Facts
    }

    /// Somebody with a role of their own.
    package struct Person: Sendable, Hashable {
        package let username: String
        package let name: String
        package let role: Role.Name

        init(row: Row) throws {
            username = try row["username"]
            name = try row["name"]
            role = try row["role"]
        }
    }

    /// The release that stands for the project.
    package var best: ReleaseSummary? { ReleaseSummary.best(of: releases) }
}

/// A release as lists show it.
package struct ReleaseSummary: Sendable, Hashable {
    let id: Int64
    package let version: String
    let canonicalVersion: String
    package let isPrerelease: Bool
    package let isYanked: Bool
    package let yankedReason: String?
    /// Microseconds since 1970.
    package let createdAt: Int64
    /// By file name.
    package internal(set) var files: [FileDetails] = []

    init(row: Row) throws {
        id = try row["id"]
        version = try row["version"]
        canonicalVersion = try row["canonical_version"]
        isPrerelease = try row["is_prerelease"]
        isYanked = try row["yanked"]
        yankedReason = try row["yanked_reason"]
        createdAt = try row["created_at"]
    }

    /// The first that is not yanked, and no pre-release if there is such a one (index §3.1).
    ///
    /// - Parameter releases: the newest version first.
    static func best(of releases: [ReleaseSummary]) -> ReleaseSummary? {
        releases.first { !$0.isYanked && !$0.isPrerelease } ?? releases.first { !$0.isYanked } ?? releases.first { !$0.isPrerelease }
            ?? releases.first
    }
}

/// A file as lists show it.
package struct FileDetails: Sendable, Hashable {
    let id: Int64
    package let filename: String
    package let packageType: String
    package let pythonVersion: String
    package let comment: String?
    /// Bytes.
    package let size: Int64
    package let md5: String
    package let sha256: String
    package let blake2b256: String
    /// Where it lies in the storage.
    package let path: String
    package let metadataSHA256: String?
    package let requiresPython: String?
    package let uploadedVia: String?
    /// Microseconds since 1970.
    package let uploadedAt: Int64

    init(row: Row) throws {
        id = try row["id"]
        filename = try row["filename"]
        packageType = try row["packagetype"]
        pythonVersion = try row["python_version"]
        comment = try row["comment"]
        size = try row["size"]
        md5 = try row["md5"]
        sha256 = try row["sha256"]
        blake2b256 = try row["blake2_256"]
        path = try row["path"]
        metadataSHA256 = try row["metadata_sha256"]
        requiresPython = try row["requires_python"]
        uploadedVia = try row["uploaded_via"]
        uploadedAt = try row["uploaded_at"]
    }
}

/// A release with all that its first file said of it.
package struct ReleaseDetails: Sendable {
    /// A link that the release gives, and whether it is vouched for (index §2.8).
    package struct Link: Sendable, Hashable {
        package let label: String
        package let url: String
        package let isVerified: Bool

        package init(_ label: String, _ url: String, isVerified: Bool) {
            self.label = label
            self.url = url
            self.isVerified = isVerified
        }
    }

    package let summary: ReleaseSummary
    package let oneLine: String?
    package let license: String?
    package let licenseExpression: String?
    package let licenseFiles: [String]
    package let author: String?
    package let authorEmail: String?
    package let isAuthorVerified: Bool
    package let maintainer: String?
    package let maintainerEmail: String?
    package let isMaintainerVerified: Bool
    package let homePage: String?
    package let isHomePageVerified: Bool
    package let downloadURL: String?
    package let isDownloadURLVerified: Bool
    package let keywords: [String]
    package let platform: String?
    package let requiresPython: String?
    package let extras: [String]
    package let dynamic: [String]
    /// In the order given.
    package let classifiers: [String]
    /// Requirements, in the order given.
    package let requiresDist: [String]
    /// In the order given.
    package let links: [Link]
    package let descriptionType: String?
    package let description: String
    /// Sanitized.
    package let descriptionHTML: String?
    /// Those that are known, withdrawn ones among them.
    package let vulnerabilities: [Vulnerability]

    /// Whether it says that it brings types (PEP 561).
    package var isTyped: Bool { classifiers.contains("Typing :: Typed") }

    init(
        _ summary: ReleaseSummary,
        row: Row,
        classifiers: [String],
        requiresDist: [String],
        links: [Link],
        description: Row?,
        vulnerabilities: [Vulnerability]
    ) throws {
        self.summary = summary
        self.vulnerabilities = vulnerabilities
        self.classifiers = classifiers
        self.requiresDist = requiresDist
        self.links = links
        oneLine = try row["summary"]
        license = try row["license"]
        licenseExpression = try row["license_expression"]
        licenseFiles = try StringList.decode(row["license_files"])
        author = try row["author"]
        authorEmail = try row["author_email"]
        isAuthorVerified = try row["author_email_verified"]
        maintainer = try row["maintainer"]
        maintainerEmail = try row["maintainer_email"]
        isMaintainerVerified = try row["maintainer_email_verified"]
        homePage = try row["home_page"]
        isHomePageVerified = try row["home_page_verified"]
        downloadURL = try row["download_url"]
        isDownloadURLVerified = try row["download_url_verified"]
        keywords = try StringList.decode(row["keywords"])
        platform = try row["platform"]
        requiresPython = try row["requires_python"]
        extras = try StringList.decode(row["provides_extra"])
        dynamic = try StringList.decode(row["dynamic"])
        descriptionType = try description.flatMap { try $0["content_type"] }
        self.description = try description.map { try $0["raw"] } ?? ""
        descriptionHTML = try description.flatMap { try $0["html"] }
    }
}
