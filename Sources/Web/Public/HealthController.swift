import Registry

/// Whether this process is alive: it can answer.
///
/// It asks nothing else on purpose: a supervisor that kills processes because a database is away makes an outage out of a pause. Whether the index can do
/// its work is ``ReadinessController``'s to say.
enum HealthController {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        .text("OK\n")
    }
}
