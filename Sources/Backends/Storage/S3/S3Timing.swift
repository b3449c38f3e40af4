/// How long S3 may take, and how often it is asked.
public struct S3Timing: Sendable {
    /// For one attempt to connect.
    public var connect: Duration = .seconds(5)
    /// How long a connection may be silent.
    public var silence: Duration = .seconds(20)
    /// For a request with all its repetitions, beside what its body needs at 250 kB a second.
    public var overall: Duration = .seconds(60)
    public var attempts = 6
    /// The longest wait before the second attempt; it doubles with each.
    public var firstPause: Duration = .milliseconds(100)
    public var longestPause: Duration = .seconds(5)

    public init() {}

    func deadline(forBytes length: Int64) -> Duration { overall + .seconds(length / 250_000) }

    /// Somewhere between half and all of what this attempt's wait may be: those who failed together do not come back together.
    func pause(after attempt: Int) -> Duration {
        let longest = min(longestPause, firstPause * (1 << min(attempt - 1, 16)))
        return longest * Double.random(in: 0.5...1)
    }
}
