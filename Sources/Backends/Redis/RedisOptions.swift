/// What a client may take and how long it waits.
public struct RedisOptions: Sendable {
    /// For connecting and logging in.
    public var connectTimeout: Duration = .seconds(1)
    /// For a command, unless its caller says otherwise: waiting for a connection included.
    public var timeout: Duration = .milliseconds(500)
    /// How many commands of one server may be unanswered before others are refused.
    public var commandLimit = 4096
    /// How many bytes they may have together.
    public var byteLimit = 32 << 20
    /// As `CLIENT LIST` shows it.
    public var clientName = "emporium"
    /// How often a connection that only listens is asked whether it still lives.
    public var listeningCheck: Duration = .seconds(10)

    public init() {}
}
