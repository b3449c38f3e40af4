package import JobQueue
import Markup
import Readme
import SQLDatabase

/// Renders descriptions anew that an older renderer made, or none (index §2.7).
package struct RenderDescriptions: Job {
    package static let kind = "render-descriptions"
    package static let priority = JobPriority.low
    /// It comes again by itself.
    package static let retry = RetryPolicy(attempts: 1, firstDelay: .seconds(300), longestDelay: .seconds(300))
    /// How many descriptions one run renders.
    static let count = 500
    /// How long one run goes on, in microseconds: shorter than the time to the next one.
    static let patience: Int64 = 240 * 1_000_000

    package init() {}

    package func run(in index: PackageIndex) async throws {
        guard case .ready(let renderer) = await index.readme.availability() else { return }
        let ids = try await index.database.read { try $0.descriptions.stale(unlike: renderer, limit: Self.count) }
        let begun = index.clock.now()
        for id in ids where index.clock.now() - begun < Self.patience {
            try Task.checkCancellation()
            guard let source = try await index.database.read({ try $0.descriptions.source(releaseID: id) }),
                let description = try await index.renderAgain(source.text, contentType: source.contentType, renderer)
            else { continue }
            try await index.database.write { try $0.descriptions.update(releaseID: id, description) }
        }
    }
}

extension PackageIndex {
    /// A description that was taken once is shown in any case: as plain text where this renderer refuses it or dies of it.
    ///
    /// - Returns: nil when there is no verdict now; a later run will ask again.
    fileprivate func renderAgain(_ text: String, contentType: String?, _ renderer: String) async throws -> RenderedDescription? {
        do throws(RendererFailure) {
            switch try await readme.render(text, contentType: contentType, for: RenderDescriptions.kind) {
            case .html(let html, let renderer): return RenderedDescription(html: html.description, renderer: renderer)
            case .refused: break
            case .unavailable: return nil
            }
        } catch {
            switch error {
            case .busy: return nil
            case .cancelled: throw CancellationError()
            case .died, .timedOut: break
            }
        }
        return RenderedDescription(html: ReadmeRenderer.plainText(text).description, renderer: renderer)
    }
}
