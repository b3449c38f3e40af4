import Packaging
import Registry

/// A release with everything that its first file said of it, and its files.
struct ReleaseDocument {
    let details: ProjectDetails
    let links: Links

    var document: JSONDocument {
        let release = details.shown
        return .object([
            ("version", .string(release.summary.version)),
            ("url", .string("\(links.base)\(APIAddress.release(release.summary.version, of: details.normalizedName))")),
            ("is_prerelease", .bool(release.summary.isPrerelease)), ("is_yanked", .bool(release.summary.isYanked)),
            ("yanked_reason", yankedReason), ("created_at", .string(UploadTime.text(release.summary.createdAt))),
            ("summary", JSONDocument(release.oneLine)), ("description", .string(release.description)),
            ("description_content_type", JSONDocument(release.descriptionType)),
            ("requires_python", JSONDocument(release.requiresPython)), ("requirements", .array(release.requiresDist.map(Self.requirement))),
            ("extras", JSONDocument(release.extras)), ("classifiers", JSONDocument(release.classifiers)),
            ("keywords", JSONDocument(release.keywords)), ("license", JSONDocument(release.license)),
            ("license_expression", JSONDocument(release.licenseExpression)), ("license_files", JSONDocument(release.licenseFiles)),
            ("author", Self.contact(release.author, release.authorEmail, isVerified: release.isAuthorVerified)),
            ("maintainer", Self.contact(release.maintainer, release.maintainerEmail, isVerified: release.isMaintainerVerified)),
            ("links", .array(ProjectLinks(of: release).all.map(Self.link))), ("files", .array(release.summary.files.map(file))),
            ("vulnerabilities", .array(release.vulnerabilities.map(ProjectJSON.vulnerability))),
        ])
    }

    private var yankedReason: JSONDocument { JSONDocument(details.shown.summary.isYanked ? details.shown.summary.yankedReason : nil) }

    /// In its parts; what was published before there was a check may have none, and is told as it was written.
    private static func requirement(_ text: String) -> JSONDocument {
        let requirement = try? Requirement(text)
        return .object([
            ("text", .string(text)), ("name", JSONDocument(requirement?.name)),
            ("normalized_name", JSONDocument(requirement?.normalizedName.value)), ("extras", JSONDocument(requirement?.extras ?? [])),
            ("specifier", JSONDocument(requirement?.specifier.description)), ("url", JSONDocument(requirement?.url)),
            ("marker", JSONDocument(requirement?.marker?.description)),
        ])
    }

    private static func contact(_ name: String?, _ email: String?, isVerified: Bool) -> JSONDocument {
        .object([("name", JSONDocument(name)), ("email", JSONDocument(email)), ("is_verified", .bool(isVerified))])
    }

    private static func link(_ link: ReleaseDetails.Link) -> JSONDocument {
        .object([("label", .string(link.label)), ("url", .string(link.url)), ("is_verified", .bool(link.isVerified))])
    }

    private func file(_ file: FileDetails) -> JSONDocument {
        .object([
            ("filename", .string(file.filename)), ("url", .string(links.absoluteFile(path: file.path))),
            (
                "hashes",
                .object([("blake2b_256", .string(file.blake2b256)), ("md5", .string(file.md5)), ("sha256", .string(file.sha256))])
            ),
            ("metadata_sha256", JSONDocument(file.metadataSHA256)), ("size", .number(file.size)), ("type", .string(file.packageType)),
            ("python_version", .string(file.pythonVersion)), ("requires_python", JSONDocument(file.requiresPython)),
            ("upload_time", .string(UploadTime.exact(file.uploadedAt))), ("is_yanked", .bool(details.shown.summary.isYanked)),
            ("yanked_reason", yankedReason),
        ])
    }
}
