import Backends
import Crypto
import Foundation
import Logging

extension PackageIndex {
    /// Marks a challenge as answered, in one step: of several requests that bring it at once, one gets it.
    ///
    /// - Returns: whether nobody had answered it before. `false` also where the cache cannot tell: a key can be asked again.
    package func takeChallenge(_ challenge: [UInt8]) async -> Bool {
        let name = SHA256.hash(data: Data(challenge)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        do {
            // Twice as long as a challenge lives, so that the mark outlasts it also where clocks differ.
            return try await cache.increment("challenge:\(name)", in: .challenges, limit: 1, window: Secrets.challengeLifetime * 2).isAllowed
        } catch {
            logger.warning("A challenge could not be marked as answered.", metadata: ["error": "\(error)"])
            return false
        }
    }
}
