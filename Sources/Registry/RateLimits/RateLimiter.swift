import Backends
import Logging

/// Counts attempts in the cache. When the cache does not answer, nothing is limited: an absent cache keeps nobody out.
///
/// A place is taken before the work and given back where the attempt turned out not to count. Looking first and counting afterwards would let every request
/// of a burst see the same room.
package struct RateLimiter: Sendable {
    let cache: any Cache
    let isOn: Bool
    var overrides = RateLimitOverrides()
    let logger: Logger

    /// What one attempt took, in every window of its limits.
    package struct Places: Sendable {
        fileprivate var keys: [String] = []

        package init() {}
    }

    /// How a limit answered an attempt.
    private struct Answer {
        var places = Places()
        /// Seconds until there is room; `nil` when there was.
        var wait: Int?
        /// Whether the attempt took the last place of a window, and in how many seconds that window has room again.
        var lastPlace: Int?
    }

    /// Takes a place in every window of every limit, or in none of them. Each window lets through no more than its count, however many ask at once.
    ///
    /// An attempt that one window refuses is still counted in the other windows of the same limit while they have room: who goes on trying reaches the longer ones.
    /// The limits before the refusing one get their place back, since the attempt never happened.
    ///
    /// - Parameter refusal: makes the error from the seconds after which it may be tried again.
    /// - Throws: what `refusal` makes.
    package func take(_ limits: [(limit: RateLimit, key: String)], else refusal: (Int) -> Rejection) async throws -> Places {
        var taken = Places()
        for (limit, key) in limits {
            let answer = await count(limit, key)
            if let seconds = answer.wait {
                await giveBack(taken)
                throw refusal(seconds)
            }
            taken.keys += answer.places.keys
        }
        return taken
    }

    /// Undoes ``take(_:else:)`` for an attempt that does not count.
    package func giveBack(_ places: Places) async {
        for key in places.keys {
            do {
                try await cache.giveBack(key, in: .rateLimits)
            } catch {
                logger.warning("A place in a rate limit could not be given back.", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Counts one attempt that is never given back.
    ///
    /// - Returns: after how many seconds it may be tried again where it is not allowed now, and `nil` where it is.
    @discardableResult
    package func hit(_ limit: RateLimit, _ key: String) async -> Int? { await count(limit, key).wait }

    /// Counts one attempt and refuses also the one that takes a window's last place, as the reference does for XML-RPC (index §10.1).
    package func hitBeforeLast(_ limit: RateLimit, _ key: String) async -> Int? {
        let answer = await count(limit, key)
        return answer.wait ?? answer.lastPlace
    }

    /// Forgets what was counted.
    package func clear(_ limit: RateLimit, _ key: String) async {
        for number in overrides.applied(to: limit).windows.indices {
            do {
                try await cache.delete(Self.name(limit, number, key), in: .rateLimits)
            } catch {
                logger.warning("A rate limit could not be cleared.", metadata: ["limit": "\(limit.name)", "error": "\(error)"])
            }
        }
    }

    private static func name(_ limit: RateLimit, _ window: Int, _ key: String) -> String { "\(limit.name).\(window):\(key)" }

    private func count(_ limit: RateLimit, _ key: String) async -> Answer {
        guard isOn else { return Answer() }
        let limit = overrides.applied(to: limit)
        var answer = Answer()
        for (number, window) in limit.windows.enumerated() {
            let name = Self.name(limit, number, key)
            do {
                let state = try await cache.increment(name, in: .rateLimits, limit: window.count, window: window.span)
                let seconds = Int(state.resetsAfter.components.seconds)
                if limit.isTold, let record = RateLimitRecord.current {
                    record.note(limit, window: number, remaining: state.remaining, reset: seconds)
                }
                if state.isAllowed { answer.places.keys.append(name) } else { answer.wait = max(answer.wait ?? 0, seconds + 1) }
                if state.remaining == 0 { answer.lastPlace = max(answer.lastPlace ?? 0, seconds + 1) }
            } catch {
                logger.warning("A rate limit could not be looked up.", metadata: ["limit": "\(limit.name)", "error": "\(error)"])
            }
        }
        return answer
    }
}

extension PackageIndex {
    package var limiter: RateLimiter {
        RateLimiter(cache: cache, isOn: settings.limitsRates, overrides: settings.rateLimits, logger: logger)
    }
}
