// When a failed job runs again.

/// Exponential backoff with an end.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a job is tried before it is parked for a person to look at.
    public var attempts: Int
    /// The pause after the first failure; each further one is twice as long.
    public var firstDelay: Duration
    /// The longest pause.
    public var longestDelay: Duration

    public init(attempts: Int, firstDelay: Duration, longestDelay: Duration) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// Ten tries over about five hours: 15 s, 30 s, 1 min … 1 h.
    public static let standard = RetryPolicy(attempts: 10, firstDelay: .seconds(15), longestDelay: .seconds(3600))

    /// The pause after failure number `attempt` (1 is the first), without jitter: two workers never hold the same job.
    public func delay(after attempt: Int) -> Duration {
        var delay = firstDelay
        for _ in 1..<max(1, attempt) {
            delay = delay * 2
            if delay >= longestDelay { return longestDelay }
        }
        return min(delay, longestDelay)
    }
}
