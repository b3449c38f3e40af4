import Backends
import HTTPTypes
import Packaging
import Registry

/// What the addresses of the API hold, and how they are written.
enum APIAddress {
    static let prefix = "/api/v1"

    static func project(_ name: NormalizedName) -> String { "\(prefix)/projects/\(name.value)" }

    static func release(_ version: String, of name: NormalizedName) -> String {
        "\(project(name))/releases/\(SafeRedirect.queryValue(version))"
    }

    /// Answers for the project that the address names; one in another spelling is at the address with its normalized name.
    ///
    /// - Throws: `Rejection` for what is never a name.
    static func answer(_ request: WebRequest, _ answer: (NormalizedName) async throws -> WebResponse) async throws -> WebResponse {
        let given = request.parameters["name"] ?? ""
        guard let name = ProjectAddress.name(given) else { throw Rejection(.notFound, "There is no such project.") }
        var response: WebResponse
        if name.value == given {
            response = try await answer(name)
        } else {
            let path = request.path.replacing("/projects/\(given)", with: "/projects/\(name.value)", maxReplacements: 1)
            response = .redirect(to: SafeRedirect.location(path: SafeRedirect.queryValue(path), query: request.rawQuery), status: 301)
        }
        CORS.apply(to: &response)
        return response
    }

    /// The number of the page that is asked for: the first one where none is.
    ///
    /// - Parameter last: the last one that anybody is shown.
    /// - Throws: `Rejection` for one that is no number from 1, or behind the last.
    static func page(_ request: WebRequest, last: Int) throws -> Int {
        guard let text = request.query("page") else { return 1 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.contains(where: { $0 != 0x30 }) else {
            throw Rejection(.invalid, "The number of a page is a whole number from 1.", field: "page")
        }
        // One that is too long for a number is behind every last page.
        let number = Int(text) ?? .max
        guard number <= last else { throw Rejection(.notFound, "There is no such page.") }
        return number
    }

    /// The addresses of the pages before and after one, `null` where there is none.
    ///
    /// - Parameter address: of the first page, with or without a query.
    static func neighbours(of page: Int, of pages: Int, _ address: String) -> [(key: String, value: JSONDocument)] {
        func link(_ number: Int) -> JSONDocument {
            guard number >= 1, number <= pages else { return nil }
            return .string(number == 1 ? address : "\(address)\(address.contains("?") ? "&" : "?")page=\(number)")
        }
        return [("next", link(page + 1)), ("previous", link(page - 1))]
    }
}
