import HTTPTypes
import Markup
import Packaging
import Registry

/// A project, by one of its releases (platform §11.3).
struct ProjectPage {
    /// A part of the page, with an address of its own.
    enum Part: String, CaseIterable { case readme, versions, files, dependencies, dependents, downloads }

    let details: ProjectDetails
    let part: Part
    /// Whether the address names the release.
    let isOfRelease: Bool
    let links: Links
    /// Of what the release needs, what is in this index; only for that part.
    var known: Set<NormalizedName> = []
    /// Only for that part.
    var dependents: DependentList?
    /// Only for that part.
    var downloads: DownloadList?
    var countsDownloads = true

    static func readme(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse { try await respond(.readme, request, context) }
    static func versions(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse { try await respond(.versions, request, context) }
    static func files(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse { try await respond(.files, request, context) }
    static func dependencies(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await respond(.dependencies, request, context)
    }
    static func dependents(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await respond(.dependents, request, context)
    }
    static func downloads(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await respond(.downloads, request, context)
    }

    private static func respond(_ part: Part, _ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let (given, version) = (request.parameters["name"] ?? "", request.parameters["version"])
        guard let name = ProjectAddress.name(given), let details = try await context.index.projectDetails(of: name, version: version) else {
            if version == nil { return await MissingProject.page(given, request, context) }
            throw Rejection(.notFound, "There is no such release.")
        }
        var page = ProjectPage(details: details, part: part, isOfRelease: version != nil, links: context.index.links)
        // One address for each page: the normalized name, and the version as it is kept.
        guard given == name.value, version == nil || version == details.shown.summary.version else {
            return .redirect(to: SafeRedirect.location(path: page.address(of: part), query: nil), status: 301)
        }
        page.countsDownloads = context.index.downloads.isOn
        switch part {
        case .downloads: page.downloads = try await DownloadList.read(of: name, context.index)
        case .dependencies: page.known = try await context.index.existing(DependencyList.names(of: details.shown))
        case .dependents: page.dependents = try await DependentList.read(of: name, request, context.index)
        default: break
        }
        return .page(
            Page(
                title: version == nil ? "\(details.name)" : "\(details.name) \(details.shown.summary.version)",
                frame: PageFrame(request.session),
                section: .projects,
                about: Page.About(
                    address: "\(context.index.links.base)/project/\(name.value)/",
                    title: details.name,
                    summary: details.shown.oneLine ?? "",
                    alternates: page.alternates
                ),
                content: page.content
            ).html
        )
    }

    /// The path of the project's page, or of the release's.
    var path: String { "/project/\(details.normalizedName.value)/" + (isOfRelease ? "\(details.shown.summary.version)/" : "") }

    func address(of part: Part) -> String {
        switch part {
        case .readme: path
        // Of all releases.
        case .versions, .dependents, .downloads: "/project/\(details.normalizedName.value)/\(part.rawValue)/"
        case .files, .dependencies: "\(path)\(part.rawValue)/"
        }
    }

    private var alternates: [Page.Alternate] {
        let name = details.normalizedName
        let version = isOfRelease ? details.shown.summary.version : nil
        return [
            Page.Alternate(type: ProjectMarkdown.mediaType, path: ProjectMarkdown.path(of: name, version: version)),
            Page.Alternate(type: "application/json", path: version.map { APIAddress.release($0, of: name) } ?? APIAddress.project(name)),
        ]
    }

    private var content: HTML {
        let release = details.shown
        return """
            \(banner)
            <section class="hero"><div>
            <h1>\(details.name) <small>\(release.summary.version)</small></h1>
            \(optional: release.oneLine.flatMap { $0.isEmpty ? nil : $0 }, { "<p>\($0)</p>" })
            \(pills)
            </div>\(InstallLines(details: details, isOfRelease: isOfRelease, base: links.base).html)</section>
            <nav class="tabs" aria-label="\(text: "Project")">\(each: Part.allCases.filter { $0 != .downloads || countsDownloads }, tab)</nav>
            <div class="cols">\(main)<aside aria-label="\(text: "About this project")">\(ProjectSidebar(details: details, links: links, countsDownloads: countsDownloads).html)</aside></div>
            """
    }

    private var main: HTML {
        switch part {
        case .readme: readme
        case .versions: VersionList(details: details).html
        case .files: FileList(project: details.normalizedName, release: details.shown.summary, links: links).html
        case .dependencies: DependencyList(release: details.shown, known: known).html
        case .dependents: dependents?.html ?? .empty
        case .downloads: downloads?.html ?? .empty
        }
    }

    private var readme: HTML {
        let release = details.shown
        if let html = release.descriptionHTML, !html.isEmpty {
            // It came out of the sanitizer.
            let shown = ReadmeHTML.shown(html)
            return "<article class=\"prose readme\">\(shown.html)</article>\(if: shown.isCut, rest)"
        }
        if !release.description.isEmpty {
            let shown = ReadmeHTML.beginning(of: release.description)
            return
                "<article class=\"prose readme\"><pre tabindex=\"0\">\(shown)</pre></article>\(if: shown.utf8.count < release.description.utf8.count, rest)"
        }
        return "<p class=\"empty\">\(text: "This release has no description.")</p>"
    }

    /// Where the whole of a long readme is.
    private var rest: HTML {
        """
        <p class="note">\(text: "This readme is longer than a page shows.") <a href="\(ProjectMarkdown.path(of: details.normalizedName, version: isOfRelease ? details.shown.summary.version : nil))">\(text: "Read the whole text")</a></p>
        """
    }

    private func tab(_ part: Part) -> HTML {
        let (words, count): (Message, Int?) =
            switch part {
            case .readme: (Message("Readme"), nil)
            case .versions: (Message("Versions"), details.releases.count)
            case .files: (Message("Files"), details.shown.summary.files.count)
            case .dependencies: (Message("Dependencies"), details.shown.requiresDist.count)
            case .dependents: (Message("Dependents"), nil)
            case .downloads: (Message("Downloads"), nil)
            }
        return """
            <a href="\(address(of: part))"\(if: part == self.part, " aria-current=\"page\"")>\(text: words)\(optional: count, { "<span>\($0)</span>" })</a>
            """
    }

    private var pills: HTML {
        let release = details.shown
        let license = release.licenseExpression ?? release.license.map { String($0.split(separator: "\n").first ?? "").prefix(60).description }
        return """
            <ul class="pills">\
            \(optional: release.requiresPython.flatMap { $0.isEmpty ? nil : $0 }, { "<li class=\"pill\">Python \($0)</li>" })\
            \(optional: license.flatMap { $0.isEmpty ? nil : $0 }, { "<li class=\"pill\">\($0)</li>" })\
            \(if: release.isTyped, "<li class=\"pill\">\(text: "Typed")</li>")\
            \(if: release.summary.isYanked, "<li class=\"pill bad\">\(text: "Yanked")</li>")\
            \(if: release.summary.isPrerelease, "<li class=\"pill warn\">\(text: "Pre-release")</li>")</ul>
            """
    }

    /// What whoever looks should know first (platform §11.3: the first of these that holds).
    private var banner: HTML {
        let release = details.shown.summary
        let best = details.best
        func link(_ release: ReleaseSummary) -> HTML {
            "<a href=\"/project/\(details.normalizedName.value)/\(release.version)/\">\(release.version)</a>"
        }
        if release.isYanked {
            let reason = release.yankedReason.flatMap { $0.isEmpty ? nil : $0 }
            return """
                <div class="note bad"><p><strong>\(text: "This release is yanked: installers pass it over unless it is asked for by its exact version.")</strong></p>\
                \(optional: reason, { "<p>\(text: "Its owners say: \($0)")</p>" })\
                \(optional: best.flatMap { $0.isYanked ? nil : $0 }, { "<p>\(text: "Take \(link($0)) instead.")</p>" })</div>
                """
        }
        if details.status == .archived || details.status == .archivedNoIndex {
            return "<p class=\"note\">\(text: "This project is archived: its owners plan no more releases.")</p>"
        }
        guard let best, best.version != release.version else { return .empty }
        if release.isPrerelease { return "<p class=\"note\">\(text: "This is a pre-release. The newest stable release is \(link(best)).")</p>" }
        return "<p class=\"note\">\(text: "A newer release is there: \(link(best)).")</p>"
    }
}
