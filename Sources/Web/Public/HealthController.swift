import Registry
import SQLDatabase

/// Whether this process can answer.
enum HealthController {
    static func show(_ request: WebRequest, _ context: WebContext) async throws -> WebResponse {
        _ = try await context.index.database.query("SELECT 1 AS alive")
        return .text("OK\n")
    }
}
