import Backends
import FaultPoints
import HTTPTypes
import Registry

/// The upload endpoint (index §2.1).
enum UploadController {
    static func upload(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        let credentials = AuthorizationHeader.credentials(request.headers[.authorization])
        let admission = try await context.index.admission(for: credentials, source: request.source)
        let form = try await UploadReader(
            settings: context.settings,
            allowance: admission.allowance,
            temporaryFiles: context.temporaryFiles,
            logger: context.logger
        ).read(request)
        defer { form.file?.remove() }
        let action = request.query(":action") ?? form.fields.first { $0.name == ":action" }?.value
        if action != nil, let refusal = HTTPSRule.refusal(isSecure: request.isSecure, context.settings) { return refusal }
        switch action {
        case "file_upload":
            let outcome = try await context.index.publish(
                Upload(
                    credentials: credentials,
                    source: request.source,
                    fields: form.fields,
                    misplacedFiles: form.misplacedFiles,
                    content: form.content
                ),
                admission
            )
            passFaultPoint("answer")
            return UploadResponses.success(outcome)
        case "submit", "submit_pkg_info":
            throw Rejection(.gone, "Project pre-registration is no longer required or supported, upload your files instead.")
        case "doc_upload":
            throw Rejection(.gone, "Uploading documentation is no longer supported, we recommend using Read the Docs.")
        default:
            throw Rejection(.notFound, "There is no such action.")
        }
    }

    /// 308 keeps method and body.
    static func redirectToSlash(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .redirect(
            to: SafeRedirect.location(path: "/legacy/", query: request.rawQuery),
            status: 308,
            reasonPhrase: "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)"
        )
    }

    /// Where uploads went long ago.
    static func movedAway(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard let action = request.query(":action"), ["file_upload", "submit", "submit_pkg_info", "doc_upload"].contains(action) else {
            throw Rejection(.notFound, "There is no such action.")
        }
        throw Rejection(.gone, "Uploads are taken at \(context.index.links.base)/legacy/.")
    }
}
