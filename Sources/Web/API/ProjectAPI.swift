import HTTPTypes
import Packaging
import Registry

/// What is public about a project, and about each of its releases.
enum ProjectAPI {
    static func project(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await APIAddress.answer(request) { name in
            guard let details = try await context.index.projectDetails(of: name) else { throw Rejection(.notFound, "There is no such project.") }
            let links = context.index.links
            let members =
                head(of: details, links) + [
                    ("created_at", .string(UploadTime.text(details.createdAt))), ("total_size", .number(details.totalSize)),
                    ("organization", JSONDocument(details.organization)), ("people", .array(details.people.map(person))),
                    ("releases", .array(details.releases.map { summary(of: $0, details, links) })),
                    ("release", ReleaseDocument(details: details, links: links).document),
                ]
            return respond(members, details)
        }
    }

    static func release(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        try await APIAddress.answer(request) { name in
            guard let details = try await context.index.projectDetails(of: name, version: request.parameters["version"] ?? "") else {
                throw Rejection(.notFound, "There is no such release.")
            }
            let links = context.index.links
            return respond(head(of: details, links) + [("release", ReleaseDocument(details: details, links: links).document)], details)
        }
    }

    private static func head(of details: ProjectDetails, _ links: Links) -> [(key: String, value: JSONDocument)] {
        [
            ("name", .string(details.name)), ("normalized_name", .string(details.normalizedName.value)),
            ("url", .string("\(links.base)\(APIAddress.project(details.normalizedName))")),
            ("page_url", .string("\(links.base)/project/\(details.normalizedName.value)/")),
            ("status", .string(Project.LifecycleStatus.marker(of: details.status).rawValue)), ("last_serial", .number(details.lastSerial)),
        ]
    }

    private static func person(_ person: ProjectDetails.Person) -> JSONDocument {
        .object([("username", .string(person.username)), ("role", .string(person.role.rawValue.lowercased()))])
    }

    private static func summary(of release: ReleaseSummary, _ details: ProjectDetails, _ links: Links) -> JSONDocument {
        .object([
            ("version", .string(release.version)), ("is_prerelease", .bool(release.isPrerelease)), ("is_yanked", .bool(release.isYanked)),
            ("yanked_reason", JSONDocument(release.isYanked ? release.yankedReason : nil)),
            ("created_at", .string(UploadTime.text(release.createdAt))), ("file_count", .number(Int64(release.files.count))),
            ("url", .string("\(links.base)\(APIAddress.release(release.version, of: details.normalizedName))")),
        ])
    }

    /// Kept as long as the older documents of a project are (index §3.1).
    private static func respond(_ members: [(key: String, value: JSONDocument)], _ details: ProjectDetails) -> WebResponse {
        var response = WebResponse.bytes(JSONDocument.object(members).bytes, type: "application/json")
        response.headers[.lastSerial] = String(details.lastSerial)
        response.headers[.cacheControl] = "max-age=900, public"
        response.headers[.surrogateControl] = "max-age=86400, stale-while-revalidate=300, stale-if-error=86400"
        return response
    }
}
