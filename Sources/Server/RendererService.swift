import Logging
import Readme
import Registry
import ServiceLifecycle

/// Says at the start whether descriptions can be rendered, and ends the helpers at the end.
struct RendererService: Service {
    let readme: ReadmeRenderer
    let logger: Logger

    func run() async throws {
        switch await readme.availability() {
        case .ready(let renderer): logger.info("Descriptions are rendered by \(renderer).")
        case .missing(let reason): logger.warning("Descriptions are shown as plain text: \(reason)")
        }
        try? await gracefulShutdown()
        await readme.shutDown()
    }
}

extension Assembly {
    func renderer() -> RendererService { RendererService(readme: index.readme, logger: logger) }
}
