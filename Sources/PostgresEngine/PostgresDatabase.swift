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
        /// How long one statement may run, and how long of that it may wait for a lock.
        public var limits: [DatabaseWork: StatementLimits] = [
            .request: StatementLimits(runs: .seconds(30), waits: .seconds(10)),
            // A job that waits for a lock makes those wait that come after it.
            .job: StatementLimits(runs: .seconds(300), waits: .seconds(10)),
            .maintenance: StatementLimits(runs: .seconds(3600), waits: .seconds(10)),
        ]
        /// Whether another program (pgbouncer in transaction mode) gives each transaction whatever connection is free: then nothing of a session lasts.
        public var isPooledByTransaction = false
        /// Where to listen for messages, past such a program; `nil` for the same URL. A pooled database without one hears no messages.
        public var listenURL: String?
        /// How long a connection attempt may take.
        public var connectTimeout: Duration = .seconds(5)
        /// A schema to work in instead of `public`.
        public var schema: String?

        public init() {}
    }

    /// The longest that a statement may take.
    public struct StatementLimits: Sendable, Hashable {
        /// From its start to its end.
        public var runs: Duration
        /// For a lock that somebody else holds.
        public var waits: Duration

        public init(runs: Duration, waits: Duration) {
            self.runs = runs
            self.waits = waits
        }

        fileprivate var settings: [(String, String)] {
            [("statement_timeout", runs), ("lock_timeout", waits)].map { ($0, String(max(1, Int($1.seconds * 1000)))) }
        }
    }

    private let pool: ThreadPool<PostgresConnection>
    private let listener: PostgresListener
    private let isPooledByTransaction: Bool
    /// What a transaction sets for itself when it begins, by what it is for.
    private let ownSettings: [DatabaseWork: String]

    public var dialect: Dialect { .postgres }
    public var load: [PoolLoad] { [pool.load.named("all")] }

    /// Connections are made when they are first needed.
    ///
    /// - Parameter url: a libpq URL (`postgres://user:password@host:port/database?sslmode=…`).
    public init(url: String, options: Options = Options()) {
        var session = [
            // A transaction's closure never waits for anything but this database.
            ("idle_in_transaction_session_timeout", "60000"),
            ("bytea_output", "hex"), ("client_min_messages", "warning"), ("TimeZone", "UTC"),
        ]
        if let schema = options.schema { session.append(("search_path", schema)) }
        let usual = options.limits[.request]?.settings ?? []
        isPooledByTransaction = options.isPooledByTransaction
        let set = { (settings: [(String, String)]) in settings.map { "; SET LOCAL \($0) = '\($1)'" }.joined() }
        ownSettings = Dictionary(
            uniqueKeysWithValues: DatabaseWork.allCases.map { work in
                let limits = options.limits[work]?.settings ?? usual
                // A session of our own has the usual ones from its start.
                return (work, options.isPooledByTransaction ? set(session + limits) : work == .request ? "" : set(limits))
            }
        )
        // A lone statement only reads; a transaction that writes says so when it begins.
        let started = (session + usual + [("default_transaction_read_only", "on")]).map { "-c \($0)=\($1)" }.joined(separator: " ")
        func parameters(_ url: String, startsSession: Bool) -> [(key: String, value: String)] {
            [
                // Unless the URL says otherwise: Kerberos is looked for at each connection, and its library dislikes threads.
                ("gssencmode", "disable"), ("dbname", url), ("fallback_application_name", "emporium"), ("client_encoding", "UTF8"),
                ("connect_timeout", String(max(2, Int(options.connectTimeout.seconds)))),
                // Notice a dead server within about half a minute even while only waiting.
                ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
                ("tcp_user_timeout", "30000"),
            ].map { (key: $0.0, value: $0.1) } + (startsSession ? [(key: "options", value: started)] : [])
        }
        let own = parameters(url, startsSession: !options.isPooledByTransaction)
        pool = ThreadPool(
            name: "PostgreSQL",
            threads: options.connections,
            waitLimit: options.waitLimit,
            waitingLimit: options.waitingLimit,
            makeState: { [prepares = !options.isPooledByTransaction] in PostgresConnection(parameters: own, preparesStatements: prepares) },
            endState: { $0.disconnect() }
        )
        listener = PostgresListener(
            parameters: options.listenURL.map { parameters($0, startsSession: true) } ?? (options.isPooledByTransaction ? nil : own)
        )
    }

    private var settingsOfItsOwn: String { ownSettings[DatabaseWork.current] ?? "" }

    public func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await pool.run { [own = settingsOfItsOwn] in try $0.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY\(own)", body) }
    }

    @discardableResult
    public func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await pool.run { [own = settingsOfItsOwn] in try $0.transaction("BEGIN READ WRITE\(own)", body) }
    }

    public func query(_ sql: SQL) async throws -> [Row] {
        let own = settingsOfItsOwn
        // A statement by itself has the settings of its session.
        guard own.isEmpty else { return try await read { try $0.execute(sql) } }
        return try await pool.run { try $0.query(sql) }
    }

    /// One statement that the server refuses to run in a transaction: `CREATE DATABASE`, `VACUUM`, `CREATE INDEX CONCURRENTLY`.
    @discardableResult
    public func runAlone(_ sql: SQL) async throws -> [Row] {
        try await pool.run { [isPooledByTransaction] in try $0.runAlone(sql, mayOnlyRead: !isPooledByTransaction) }
    }

    public func listen(to channel: String) async throws -> AsyncStream<String> {
        listener.listen(to: channel)
    }

    public func close() async {
        await listener.close()
        await pool.close()
    }
}
