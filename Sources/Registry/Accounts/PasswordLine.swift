// Who waits for a password to be checked.

import Synchronization

/// Room for those who log in. A check takes tens of milliseconds and tens of megabytes on purpose, and few run at once: whoever guesses by the thousand would fill any
/// line, so strangers have a short one of their own, and whoever has logged in from the same address before does not stand behind them.
final class PasswordLine: Sendable {
    static let strangers = 16
    static let acquaintances = 64

    private let counts = Mutex((strangers: 0, acquaintances: 0))

    /// Runs `body` if there is room.
    ///
    /// - Throws: ``Rejection`` `unavailable` if there is none.
    func wait<Result>(isKnown: Bool, _ body: () async throws -> Result) async throws -> Result {
        let isIn = counts.withLock { counts in
            guard isKnown ? counts.acquaintances < Self.acquaintances : counts.strangers < Self.strangers else { return false }
            if isKnown { counts.acquaintances += 1 } else { counts.strangers += 1 }
            return true
        }
        guard isIn else { throw Rejection(.unavailable, "Too many people are logging in at this moment; try again in a few seconds.") }
        defer { counts.withLock { if isKnown { $0.acquaintances -= 1 } else { $0.strangers -= 1 } } }
        return try await body()
    }
}
