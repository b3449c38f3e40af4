import Logging
import ServiceLifecycle
import Web

/// Makes, beside the first requests, the pages that would keep one of them waiting.
struct PagePreparer: Service {
    let app: WebApp
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await app.prepare() }
        } catch {
            // Whoever asks first will have them made.
            logger.debug("The list of projects was not prepared.", metadata: ["error": "\(error)"])
        }
        try? await gracefulShutdown()
    }
}
