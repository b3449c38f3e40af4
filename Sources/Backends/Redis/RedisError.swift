/// Why there is no answer of Redis's. Never holds a password, a key or a value.
public enum RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing was sent: there is no connection, and none is waited for.
    case unavailable(String)
    /// Nothing was sent: so many commands, or bytes of them, wait already.
    case busy(commands: Int)
    /// The connection ended before the answer; the command may have run.
    case interrupted(String)
    /// No answer in time; whether the command may have run, or never left.
    case timedOut(Duration, mayHaveRun: Bool)
    /// The server's own answer: the command did not run, or not to its end.
    case refused(RESPError)

    /// Whether the command may have done something. A refused one has not, but for scripts.
    public var mayHaveRun: Bool {
        switch self {
        case .unavailable, .busy, .refused: false
        case .interrupted: true
        case .timedOut(_, let mayHaveRun): mayHaveRun
        }
    }

    public var description: String {
        switch self {
        case .unavailable(let reason): "Redis is not available: \(reason)"
        case .busy(let commands): "\(commands) commands wait for Redis already"
        case .interrupted(let reason): "the connection to Redis broke: \(reason)"
        case .timedOut(let duration, _): "Redis did not answer within \(duration)"
        case .refused(let error): "Redis refused: \(error.text)"
        }
    }

    /// For a metric.
    var kind: String {
        switch self {
        case .unavailable: "unavailable"
        case .busy: "busy"
        case .interrupted: "interrupted"
        case .timedOut: "timed_out"
        case .refused: "refused"
        }
    }
}
