import Registry

/// What Prometheus reads.
enum MetricsController {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        guard context.settings.metricsAccess.allows(request.headers, peer: context.peerAddress, host: request.host) else {
            // As where there is nothing.
            return RejectionResponses.notFound(path: request.path)
        }
        return .text(await context.operation.metrics(), type: MetricsText.contentType)
    }
}
