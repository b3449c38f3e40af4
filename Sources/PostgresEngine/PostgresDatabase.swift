// `Database` over libpq.

public import SQLDatabase

/// A PostgreSQL database: a bounded pool of connections, one blocking thread each.
public final class PostgresDatabase: Database {
    /// How a pool behaves.
    public struct Options: Sendable {
        /// How many connections this process may hold.
        public var connections = 8
        /// How long a caller waits for one.
        public var waitLimit: Duration = .seconds(10)
        /// How many callers may wait; `nil` for as many as are usual.
        public var waitingLimit: Int?
        /// How long one statement may run.
        public var statementTimeout: Duration = .seconds(30)
        /// How long one statement may wait for a lock.
        public var lockTimeout: Duration = .seconds(10)
        /// How long a connection attempt may take.
        public var connectTimeout: Duration = .seconds(5)
        /// A schema to work in instead of `public`.
        public var schema: String?

        public init() {}
    }

    private let pool: ThreadPool<PostgresConnection>
    private let listener: PostgresListener

    public var dialect: Dialect { .postgres }
    public var load: [PoolLoad] { [pool.load.named("all")] }

    /// Connections are made when they are first needed.
    ///
    /// - Parameter url: a libpq URL (`postgres://user:password@host:port/database?sslmode=…`).
    public init(url: String, options: Options = Options()) {
        var settings = [
            "-c statement_timeout=\(max(1, Int(options.statementTimeout.seconds * 1000)))",
            "-c lock_timeout=\(max(1, Int(options.lockTimeout.seconds * 1000)))",
            // A transaction's closure never waits for anything but this database.
            "-c idle_in_transaction_session_timeout=60000",
            // A lone statement only reads; a transaction that writes says so when it begins.
            "-c default_transaction_read_only=on",
            "-c bytea_output=hex", "-c client_min_messages=warning", "-c TimeZone=UTC",
        ]
        if let schema = options.schema { settings.append("-c search_path=\(schema)") }
        let parameters = [
            ("dbname", url), ("fallback_application_name", "emporium"), ("client_encoding", "UTF8"),
            ("connect_timeout", String(max(2, Int(options.connectTimeout.seconds)))),
            // Notice a dead server within about half a minute even while only waiting.
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
            ("options", settings.joined(separator: " ")),
        ].map { (key: $0.0, value: $0.1) }
        pool = ThreadPool(
            name: "PostgreSQL",
            threads: options.connections,
            waitLimit: options.waitLimit,
            waitingLimit: options.waitingLimit,
            makeState: { PostgresConnection(parameters: parameters) },
            endState: { $0.disconnect() }
        )
        listener = PostgresListener(parameters: parameters)
    }

    public func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await pool.run { try $0.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", body) }
    }

    @discardableResult
    public func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await pool.run { try $0.transaction("BEGIN READ WRITE", body) }
    }

    public func query(_ sql: SQL) async throws -> [Row] {
        try await pool.run { try $0.query(sql) }
    }

    /// One statement that the server refuses to run in a transaction: `CREATE DATABASE`, `VACUUM`, `CREATE INDEX CONCURRENTLY`.
    @discardableResult
    public func runAlone(_ sql: SQL) async throws -> [Row] {
        try await pool.run { try $0.runAlone(sql) }
    }

    public func listen(to channel: String) async throws -> AsyncStream<String> {
        listener.listen(to: channel)
    }

    public func close() async {
        await listener.close()
        await pool.close()
    }
}
