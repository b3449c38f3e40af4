import HTTPTypes
import Packaging
import Registry

/// The JSON documents of a project and of a release, as bots have long read them (index §3.1, §3.2).
struct ProjectJSON {
    let details: ProjectDetails
    let links: Links

    static func project(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await respond(request, context, version: nil)
    }

    static func release(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await respond(request, context, version: request.parameters["version"] ?? "")
    }

    private static func respond(_ request: WebRequest, _ context: WebContext, version: String?) async throws -> WebResponse {
        let given = request.parameters["name"] ?? ""
        guard let name = ProjectAddress.name(given) else { throw Rejection(.notFound, "There is no such project.") }
        guard name.value == given else {
            let path = request.path.replacing("/pypi/\(given)/", with: "/pypi/\(name)/", maxReplacements: 1)
            var redirect = WebResponse.redirect(to: SafeRedirect.location(path: path, query: request.rawQuery), status: 301)
            CORS.apply(to: &redirect)
            return redirect
        }
        guard let details = try await context.index.projectDetails(of: name, version: version) else {
            throw Rejection(.notFound, "There is no such project.")
        }
        let document = ProjectJSON(details: details, links: context.index.links).document(withReleases: version == nil)
        var response = WebResponse.bytes(document.bytes, type: "application/json")
        response.headers[.lastSerial] = String(details.lastSerial)
        response.headers[.cacheControl] = "max-age=900, public"
        response.headers[.surrogateControl] = "max-age=86400, stale-while-revalidate=300, stale-if-error=86400"
        CORS.apply(to: &response)
        return response
    }

    private func document(withReleases: Bool) -> JSONDocument {
        let shown = details.shown.summary
        var members: [(key: String, value: JSONDocument)] = [("info", info), ("last_serial", .number(details.lastSerial))]
        if withReleases {
            let releases = details.releases.reversed().map { (key: $0.version, value: JSONDocument.array(files(of: $0))) }
            members.append(("releases", .object(releases)))
        }
        members += [
            ("urls", .array(files(of: shown))), ("vulnerabilities", .array(details.shown.vulnerabilities.map(Self.vulnerability))),
            ("ownership", ownership),
        ]
        return .object(members)
    }

    static func vulnerability(_ vulnerability: Vulnerability) -> JSONDocument {
        .object([
            ("aliases", JSONDocument(vulnerability.aliases)), ("details", JSONDocument(vulnerability.details)),
            ("fixed_in", JSONDocument(vulnerability.fixedIn)), ("id", .string(vulnerability.identifier)),
            ("link", JSONDocument(vulnerability.link)), ("source", .string(vulnerability.source)),
            ("summary", JSONDocument(vulnerability.summary)),
            ("withdrawn", JSONDocument(vulnerability.withdrawnAt.map { "\(UploadTime.text($0).prefix(19))Z" })),
        ])
    }

    private var ownership: JSONDocument {
        .object([
            ("roles", .array(details.people.map { .object([("role", .string($0.role.rawValue)), ("user", .string($0.username))]) })),
            ("organization", JSONDocument(details.organization)),
        ])
    }

    private var info: JSONDocument {
        let release = details.shown
        let page = "\(links.base)/project/\(details.name)/"
        return .object([
            ("author", JSONDocument(release.author)), ("author_email", JSONDocument(release.authorEmail)), ("bugtrack_url", nil),
            ("classifiers", JSONDocument(release.classifiers.sorted())),
            ("description", .string(release.description)), ("description_content_type", JSONDocument(release.descriptionType)), ("docs_url", nil),
            ("download_url", JSONDocument(release.downloadURL)),
            ("downloads", .object([("last_day", -1), ("last_month", -1), ("last_week", -1)])),
            ("dynamic", JSONDocument(release.dynamic, isNullWhenEmpty: true)), ("home_page", JSONDocument(release.homePage)),
            ("keywords", release.keywords.isEmpty ? nil : .string(release.keywords.joined(separator: ","))),
            ("license", JSONDocument(release.license)), ("license_expression", JSONDocument(release.licenseExpression)),
            ("license_files", JSONDocument(release.licenseFiles, isNullWhenEmpty: true)),
            ("maintainer", JSONDocument(release.maintainer)), ("maintainer_email", JSONDocument(release.maintainerEmail)),
            ("name", .string(details.name)), ("package_url", .string(page)), ("platform", JSONDocument(release.platform)),
            ("project_url", .string(page)), ("project_urls", projectURLs),
            ("provides_extra", JSONDocument(release.extras, isNullWhenEmpty: true)),
            ("release_url", .string("\(page)\(release.summary.version)/")),
            ("requires_dist", JSONDocument(release.requiresDist, isNullWhenEmpty: true)),
            ("requires_python", JSONDocument(release.requiresPython)), ("summary", JSONDocument(release.oneLine)),
            ("version", .string(release.summary.version)), ("yanked", .bool(release.summary.isYanked)),
            ("yanked_reason", JSONDocument(release.summary.yankedReason)),
        ])
    }

    private var projectURLs: JSONDocument {
        let urls = ProjectLinks(of: details.shown).all
        return urls.isEmpty ? nil : .object(urls.map { ($0.label, .string($0.url)) })
    }

    private func files(of release: ReleaseSummary) -> [JSONDocument] {
        release.files.map { file in
            .object([
                ("comment_text", JSONDocument(file.comment)),
                ("core-metadata", file.metadataSHA256.map { .object([("sha256", .string($0))]) } ?? false),
                (
                    "digests",
                    .object([("blake2b_256", .string(file.blake2b256)), ("md5", .string(file.md5)), ("sha256", .string(file.sha256))])
                ),
                ("downloads", -1), ("filename", .string(file.filename)), ("has_sig", false), ("md5_digest", .string(file.md5)),
                ("packagetype", .string(file.packageType)), ("python_version", .string(file.pythonVersion)),
                ("requires_python", JSONDocument(file.requiresPython)), ("size", .number(file.size)),
                ("upload_time", .string(String(UploadTime.text(file.uploadedAt).prefix(19)))),
                ("upload_time_iso_8601", .string(UploadTime.exact(file.uploadedAt))), ("url", .string(links.absoluteFile(path: file.path))),
                ("yanked", .bool(release.isYanked)), ("yanked_reason", JSONDocument(release.yankedReason)),
            ])
        }
    }
}
