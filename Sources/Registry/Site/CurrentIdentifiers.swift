package import Packaging
package import SQLDatabase
import Synchronization

/// The identifiers as this process knows them: those it was built with until somebody refreshed them.
package final class CurrentIdentifiers: Sendable {
    private struct State {
        var revision: Int64 = 0
        var identifiers = Identifiers.bundled
    }

    private let state = Mutex(State())

    /// What the last ``refresh(_:)`` of any caller found.
    package var latest: Identifiers { state.withLock { $0.identifiers } }

    /// Reads the lists again if another process or this one has changed them.
    @discardableResult
    package func refresh(_ tx: any Connection) throws -> Identifiers {
        let revision = try tx.refreshedLists.revision()
        if let known = state.withLock({ $0.revision == revision ? $0.identifiers : nil }) { return known }
        let identifiers = Identifiers(try tx.refreshedLists.all())
        state.withLock { state in
            // Not only a higher one: a database may have been restored. Should a reader that looked earlier come last, the next one mends it.
            state = State(revision: revision, identifiers: identifiers)
        }
        return identifiers
    }
}
