// How tests look at refusals.

import Registry
import Testing

/// Runs `body`, which must be refused, and returns the refusal.
func refusal(sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void) async -> Rejection {
    do {
        try await body()
    } catch let rejection as Rejection {
        return rejection
    } catch {
        Issue.record("expected a refusal, got \(error)", sourceLocation: sourceLocation)
        return Rejection(.unavailable, "\(error)")
    }
    Issue.record("expected a refusal, but it went through", sourceLocation: sourceLocation)
    return Rejection(.unavailable, "it went through")
}
