import Backends
import Logging

/// Counts what is limited, in the cache. Where that fails nothing is limited: a cache that is away keeps nobody out.
package struct RateLimiter: Sendable {
    let cache: any Cache
    let isOn: Bool
    var overrides = RateLimitOverrides()
    let logger: Logger

    /// After how many seconds it may be tried again; `nil`: now. Counts nothing.
    package func wait(_ limit: RateLimit, _ key: String) async -> Int? {
        await ask(limit, key, isCounted: false)
    }

    /// Counts one event.
    ///
    /// - Returns: after how many seconds it may be tried again where it is not allowed now, and `nil` where it is.
    @discardableResult
    package func hit(_ limit: RateLimit, _ key: String) async -> Int? {
        await ask(limit, key, isCounted: true)
    }

    /// Forgets what was counted.
    package func clear(_ limit: RateLimit, _ key: String) async {
        for number in overrides.applied(to: limit).windows.indices {
            do {
                try await cache.delete("\(limit.name).\(number):\(key)", in: .rateLimits)
            } catch {
                logger.warning("A rate limit could not be cleared.", metadata: ["limit": "\(limit.name)", "error": "\(error)"])
            }
        }
    }

    private func ask(_ limit: RateLimit, _ key: String, isCounted: Bool) async -> Int? {
        guard isOn else { return nil }
        let limit = overrides.applied(to: limit)
        for (number, window) in limit.windows.enumerated() {
            do {
                let state = try await cache.increment(
                    "\(limit.name).\(number):\(key)",
                    in: .rateLimits,
                    limit: window.count,
                    window: window.span,
                    isCounted: isCounted
                )
                if limit.isTold, let record = RateLimitRecord.current {
                    record.note(limit, window: number, remaining: state.remaining, reset: Int(state.resetsAfter.components.seconds))
                }
                guard state.isAllowed else { return max(1, Int(state.resetsAfter.components.seconds) + 1) }
            } catch {
                logger.warning("A rate limit could not be looked up.", metadata: ["limit": "\(limit.name)", "error": "\(error)"])
            }
        }
        return nil
    }
}

extension PackageIndex {
    package var limiter: RateLimiter {
        RateLimiter(cache: cache, isOn: settings.limitsRates, overrides: settings.rateLimits, logger: logger)
    }
}
