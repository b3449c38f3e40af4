import HTTPTypes
import Packaging
import Registry

/// The projects of this index that need one, by name.
enum DependentsAPI {
    private static let size = 50
    private static let lastPage = 100_000

    static func list(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        // What is wrong is said before anybody is sent elsewhere with it.
        let page = try APIAddress.page(request, last: lastPage)
        return try await APIAddress.answer(request) { name in
            guard try await context.index.existing([name]).contains(name) else { throw Rejection(.notFound, "There is no such project.") }
            let found = try await context.index.dependents(of: name, offset: (page - 1) * size, limit: size)
            let pages = min(max(1, (found.total + size - 1) / size), lastPage)
            guard page <= pages else { throw Rejection(.notFound, "There is no such page.") }
            let base = context.index.links.base
            let document = JSONDocument.object(
                [
                    ("page", .number(Int64(page))), ("pages", .number(Int64(pages))), ("total", .number(Int64(found.total))),
                    ("dependents", .array(found.entries.map { entry($0, base) })),
                ] + APIAddress.neighbours(of: page, of: pages, "\(base)\(APIAddress.project(name))/dependents")
            )
            return .bytes(document.bytes, type: "application/json")
        }
    }

    private static func entry(_ entry: Dependent, _ base: String) -> JSONDocument {
        .object([
            ("name", .string(entry.name)), ("normalized_name", .string(entry.normalizedName)), ("version", .string(entry.version)),
            ("summary", .string(entry.summary)), ("specifier", .string(entry.specifier)), ("is_optional", .bool(entry.isOptional)),
            ("url", .string("\(base)\(APIAddress.prefix)/projects/\(entry.normalizedName)")),
        ])
    }
}
