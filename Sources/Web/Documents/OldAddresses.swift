import HTTPTypes
import Packaging
import Registry

/// Where things stood long ago (index §3.8). What moved is 301.
enum OldAddresses {
    static func home(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse { redirect("/") }

    static func project(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        redirect("/project/\(request.parameters["name"] ?? "")/")
    }

    static func release(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        redirect("/project/\(request.parameters["name"] ?? "")/\(request.parameters["version"] ?? "")/")
    }

    static func secondFactors(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse { redirect(TwoFactorSettingsPage.path) }

    /// `/pypi?:action=…`, as pages and programs of the first index asked.
    static func action(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        func value(_ name: String) throws -> String {
            guard let value = request.query(name), !value.isEmpty else { throw Rejection(.notFound, "There is no such page.") }
            return value
        }
        switch request.query(":action") {
        case nil: return redirect("/")
        case "list_classifiers": return .text(context.index.identifiers.latest.classifiers.all.sorted().joined(separator: "\n"))
        case "doap": throw Rejection(.gone, "DOAP is no longer supported.")
        case "rss": return redirect("/rss/updates.xml")
        case "packages_rss": return redirect("/rss/packages.xml")
        case "search": return redirect("/search/", query: "q=\(SafeRedirect.queryValue(try value("term")))")
        case "display":
            let name = try value("name")
            return redirect(request.query("version").map { "/project/\(name)/\($0)/" } ?? "/project/\(name)/")
        case "files": return redirect("/project/\(try value("name"))/\(try value("version"))/")
        case "file_upload", "submit", "submit_pkg_info", "doc_upload":
            throw Rejection(.gone, "Uploads are taken at \(context.index.links.base)/legacy/.")
        default: throw Rejection(.notFound, "There is no such action.")
        }
    }

    private static func redirect(_ path: String, query: String? = nil) -> WebResponse {
        .redirect(to: SafeRedirect.location(path: path, query: query), status: 301)
    }
}
