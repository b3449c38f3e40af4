// How busy a pool of connections is.

/// What a pool of threads or connections does at one moment, and what it has refused since it was made.
public struct PoolLoad: Sendable, Hashable {
    /// Which pool of its database: `read` and `write` on SQLite, `all` on PostgreSQL.
    public var name: String
    /// How many callers it serves at once.
    public var size: Int
    /// How many it is serving.
    public var busy: Int
    /// How many wait for their turn.
    public var waiting: Int
    /// How many may wait.
    public var waitingLimit: Int
    /// Callers that were turned away at once because so many waited already.
    public var rejected: Int64
    /// Callers that waited as long as they may, in vain.
    public var expired: Int64
    /// Callers that went away while they waited.
    public var cancelled: Int64

    public init(
        name: String,
        size: Int,
        busy: Int,
        waiting: Int,
        waitingLimit: Int,
        rejected: Int64 = 0,
        expired: Int64 = 0,
        cancelled: Int64 = 0
    ) {
        self.name = name
        self.size = size
        self.busy = busy
        self.waiting = waiting
        self.waitingLimit = waitingLimit
        self.rejected = rejected
        self.expired = expired
        self.cancelled = cancelled
    }

    /// How many callers may wait for `connections` connections, where nobody says otherwise.
    public static func defaultWaitingLimit(connections: Int) -> Int { max(256, 32 * connections) }

    /// The same load under another name.
    public func named(_ name: String) -> PoolLoad {
        var load = self
        load.name = name
        return load
    }
}
