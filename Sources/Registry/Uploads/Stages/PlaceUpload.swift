import Logging
import Markup
import Packaging
import Readme

// Steps 16 to 21 of index §2.3. Step 17, the release, is found or made when everything is recorded: nothing before that needs it.
extension PackageIndex {
    /// 16 the description renders · 18 to 20 the file's name · 21 its content type.
    ///
    /// - Parameter identity: whose texts wait their turn together.
    /// - Returns: the description as it will be shown; nil when there is none.
    func place(_ form: UploadForm, sentBy identity: Identity) async throws -> RenderedDescription? {
        let description = try await render(form.metadata, for: identity.user?.uuid ?? "")
        if let fault = PublishRules.faultOfFilename(form.filename, form.packageType) { throw Rejection(.invalid, fault, field: "content") }
        if !PublishRules.isDistributionContentType(form.content.contentType) {
            throw Rejection(.invalid, "Invalid distribution file.", field: "content")
        }
        return description
    }

    private func render(_ metadata: CoreMetadata, for sender: String) async throws -> RenderedDescription? {
        guard let text = metadata.description, !text.isEmpty else { return nil }
        let type = metadata.descriptionContentType ?? ""
        let asked = type.isEmpty ? "in the default format of reStructuredText" : "for '\(MetadataError.echo(type))'"
        func asPlainText(because reason: String) throws -> RenderedDescription {
            let failure = "The description failed to render \(asked): \(PublishRules.inOneLine(reason))"
            let remark = try settings.judge(
                .brokenDescriptions,
                "\(failure) See \(links.help(.description)) for more information",
                warning: "\(failure) It is shown as plain text",
                field: "description"
            )
            return RenderedDescription(html: ReadmeRenderer.plainText(text).description, renderer: nil, isBroken: true, remark: remark)
        }
        do {
            let rendering = try await renderedDescriptions.rendering(of: text, contentType: type) { () async throws(RendererFailure) -> Rendering in
                try await readme.render(text, contentType: type, for: sender)
            }
            switch rendering {
            case .html(let html, let renderer): return RenderedDescription(html: html.description, renderer: renderer)
            case .refused(let reason): return try asPlainText(because: reason)
            case .unavailable(let reason):
                // A site without the renderer still takes uploads; it says so at its start, and here.
                logger.notice("A description is shown as plain text.", metadata: ["project.name": "\(metadata.name ?? "")", "reason": "\(reason)"])
                return RenderedDescription(html: ReadmeRenderer.plainText(text).description, renderer: nil)
            }
        } catch let failure as RendererFailure {
            if case .cancelled = failure { throw CancellationError() }
            if case .busy = failure { throw Rejection(.unavailable, "\(failure.message) Try again in a moment.") }
            return try asPlainText(because: failure.message)
        }
    }
}
