import HTTPTypes
import Packaging
import Registry

/// A release as Markdown, for tools that read text: in English, with what its publisher wrote at the end.
struct ProjectMarkdown {
    static let mediaType = "text/markdown"

    let details: ProjectDetails
    let isOfRelease: Bool
    let links: Links

    /// - Parameter version: `nil` for the release that stands for the project.
    static func path(of name: NormalizedName, version: String?) -> String {
        "/project/\(name.value)/\(version.map { "\(SafeRedirect.queryValue($0))/" } ?? "")index.md"
    }

    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let (given, version) = (request.parameters["name"] ?? "", request.parameters["version"])
        guard let name = ProjectAddress.name(given), let details = try await context.index.projectDetails(of: name, version: version) else {
            throw Rejection(.notFound, "There is no such project.")
        }
        let shown = details.shown.summary.version
        guard given == name.value, version == nil || version == shown else {
            return .redirect(to: SafeRedirect.location(path: path(of: name, version: version == nil ? nil : shown), query: nil), status: 301)
        }
        let document = ProjectMarkdown(details: details, isOfRelease: version != nil, links: context.index.links)
        return .text(document.text, type: "\(mediaType); charset=UTF-8")
    }

    var text: String {
        let release = details.shown
        var parts = ["# \(MarkdownText.line("\(details.name) \(release.summary.version)"))"]
        if let summary = release.oneLine, !summary.isEmpty { parts.append("> \(MarkdownText.line(summary))") }
        parts += notices
        parts.append(facts)
        let install = InstallLines(details: details, isOfRelease: isOfRelease, base: links.base).lines
        if !release.summary.files.isEmpty {
            parts += ["## Install", MarkdownText.block(install.prefix(2).map(\.text).joined(separator: "\n"), language: "sh")]
        }
        parts += section("Requirements", release.requiresDist.map(MarkdownText.code))
        parts += section(
            "Links",
            ProjectLinks(of: release).all.map { "\(MarkdownText.line($0.label)): \(MarkdownText.code($0.url))\($0.isVerified ? " (verified)" : "")" }
        )
        parts += section("Files", release.summary.files.map(file))
        parts += section("Other versions", otherVersions)
        return (parts + description).joined(separator: "\n\n") + "\n"
    }

    /// What whoever reads should know first.
    private var notices: [String] {
        let release = details.shown.summary
        var notices: [String] = []
        if Project.LifecycleStatus.marker(of: details.status) == .archived {
            notices.append("**This project is archived**: its owners plan no more releases.")
        }
        if release.isYanked {
            let reason = release.yankedReason.flatMap { $0.isEmpty ? nil : ": \(MarkdownText.line($0))" } ?? "."
            notices.append("**This release is yanked**\(reason)")
        }
        if release.isPrerelease { notices.append("This is a pre-release.") }
        if let best = details.best, best.version != release.version {
            notices.append("The release that stands for the project is \(MarkdownText.line(best.version)).")
        }
        let weaknesses = details.shown.vulnerabilities.filter { $0.withdrawnAt == nil }
        if !weaknesses.isEmpty {
            let names = weaknesses.map { MarkdownText.line($0.identifier) }.joined(separator: ", ")
            notices.append("**This release has known vulnerabilities**: \(names)")
        }
        return notices
    }

    private var facts: String {
        let release = details.shown
        var facts = ["Published: \(UploadTime.text(release.summary.createdAt))"]
        if let python = release.requiresPython, !python.isEmpty { facts.append("Python: \(MarkdownText.code(python))") }
        if let license = release.licenseExpression ?? release.license, !license.isEmpty {
            facts.append("License: \(MarkdownText.line(String(license.prefix(200))))")
        }
        if !details.people.isEmpty { facts.append("People: \(details.people.map { MarkdownText.line($0.username) }.joined(separator: ", "))") }
        if !release.extras.isEmpty { facts.append("Extras: \(release.extras.map(MarkdownText.code).joined(separator: ", "))") }
        facts.append("Page: \(links.base)/project/\(details.normalizedName.value)/")
        facts.append("JSON: \(links.base)\(APIAddress.release(release.summary.version, of: details.normalizedName))")
        return facts.map { "- \($0)" }.joined(separator: "\n")
    }

    private func file(_ file: FileDetails) -> String {
        "\(MarkdownText.code(file.filename)), \(file.size) bytes, sha256 \(MarkdownText.code(file.sha256)), \(links.absoluteFile(path: file.path))"
    }

    /// The newest of them.
    private var otherVersions: [String] {
        details.releases.filter { $0.version != details.shown.summary.version }.prefix(20).map {
            "\(MarkdownText.line($0.version))\($0.isYanked ? " (yanked)" : "")"
        }
    }

    private func section(_ title: String, _ items: [String]) -> [String] {
        items.isEmpty ? [] : ["## \(title)", items.map { "- \($0)" }.joined(separator: "\n")]
    }

    /// Markdown as it was published; anything else as a block of text.
    private var description: [String] {
        let release = details.shown
        guard !release.description.isEmpty else { return [] }
        let type = release.descriptionType?.prefix { $0 != ";" }.trimmingPrefix(while: \.isWhitespace).lowercased()
        let isMarkdown = type.map { $0.split(separator: " ").first == "text/markdown" } ?? false
        return [
            "## Description", "*All that follows was written by the publisher, not by this index.*",
            isMarkdown ? release.description : MarkdownText.block(release.description),
        ]
    }
}
