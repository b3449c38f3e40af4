// The only place that names concrete engines and backends.

import Backends
import Credentials
import Foundation
import Logging
import PostgresEngine
import Readme
import Registry
import SQLDatabase
import SQLiteEngine
import Web

/// Builds the index out of settings.
struct Assembly {
    let settings: Settings
    let index: PackageIndex
    let logger: Logger
    /// The parts of the cache that other processes see.
    let sharedCaches: [RedisCache]

    /// Opens everything and brings the schema up to date.
    ///
    /// - Parameter listeningURL: the base of absolute URLs where there is no public URL.
    /// - Throws: ``CommandFailure`` that says in one line what is wrong.
    init(_ settings: Settings, listeningURL: String? = nil, migrating: Bool = true) async throws {
        var logger = Logger(label: "emporium")
        logger.logLevel = settings.logLevel
        try Self.makeFolder(settings.dataFolder)
        let storage = try Self.openStorage(settings)
        let archive = try Self.openArchive(settings)
        let database = try Self.openDatabase(settings)
        // Last: it marks the first start, which a start that fails above is not.
        let secretKey = try SecretKey.load(settings, mayMake: !(await Self.hasTokens(database)))
        let secrets = Secrets(secretKey: secretKey)
        let (cache, sharedCaches) = try Self.openCache(settings, index: secrets.indexID)
        index = PackageIndex(
            database: database,
            replica: try Self.openReplica(settings),
            storage: storage,
            archive: archive,
            passwords: PasswordHasher(),
            secrets: secrets,
            readme: ReadmeRenderer(python: settings.python, logger: logger),
            cdn: Self.openCDN(settings),
            cache: cache,
            mailer: try Self.openMailer(settings, logger),
            search: settings.openSearch.map { Self.openSearch($0, lockedBy: database) },
            breaches: settings["breach_list_url"].map { BreachList(address: $0, fetcher: LiveFetcher()) },
            captcha: settings.captcha.map { service in
                Captcha(
                    service,
                    siteKey: settings["captcha_site_key"] ?? "",
                    secret: settings["captcha_secret"] ?? "",
                    fetcher: LiveFetcher()
                )
            },
            settings: settings.indexSettings(listeningURL: listeningURL ?? "http://\(settings.host):\(settings.port)"),
            logger: logger
        )
        self.settings = settings
        self.logger = logger
        self.sharedCaches = sharedCaches
        if migrating {
            try await Self.claim(sharedCaches, logger: logger)
            do {
                let applied = try await index.migrate()
                if !applied.isEmpty { logger.info("The schema is up to date.", metadata: ["migrations": "\(applied.joined(separator: ", "))"]) }
            } catch let error as DatabaseError {
                throw Self.failure(error, settings)
            }
            try await claimStorages()
        }
    }

    /// A database without the table, or one that does not answer, has none: what is wrong with it is said elsewhere.
    private static func hasTokens(_ database: any Database) async -> Bool {
        let rows = try? await database.query("SELECT 1 AS found FROM api_tokens LIMIT 1")
        return rows?.isEmpty == false
    }

    /// Where uploads lie while they come in: on the same disk as the files, so that storing one is a rename.
    func temporaryFiles() throws -> TemporaryFiles { try Self.temporaryFiles(settings) }

    static func temporaryFiles(_ settings: Settings) throws -> TemporaryFiles {
        do {
            return try TemporaryFiles(folder: "\(settings.dataFolder)/incoming")
        } catch {
            throw CommandFailure("The folder for incoming files can not be used: \(error)")
        }
    }

    static func openDatabase(_ settings: Settings) throws -> any Database { try openDatabase(settings.database, settings) }

    /// - Parameter settings: how it is tuned.
    static func openDatabase(_ location: Settings.DatabaseLocation, _ settings: Settings) throws -> any Database {
        switch location {
        case .sqlite(let path):
            do {
                return try SQLiteDatabase(path: path, synchronous: settings.sqliteSynchronous, waitingLimit: settings.databaseQueue)
            } catch let error as DatabaseError {
                throw failure(error, settings)
            }
        case .postgres(let url):
            return PostgresDatabase(url: url, options: postgresOptions(settings))
        }
    }

    private static func postgresOptions(_ settings: Settings) -> PostgresDatabase.Options {
        var options = PostgresDatabase.Options()
        options.connections = settings.databaseConnections
        options.waitingLimit = settings.databaseQueue
        options.isPooledByTransaction = settings["database_pooler"] == "transaction"
        options.listenURL = settings["database_listen_url"]
        return options
    }

    static func openReplica(_ settings: Settings) throws -> (any Database)? {
        guard let url = settings["database_replica_url"] else { return nil }
        guard case .postgres = settings.database else {
            throw CommandFailure("EMPORIUM_DATABASE_REPLICA_URL: only a PostgreSQL database has replicas; EMPORIUM_DATABASE_URL names none.")
        }
        var options = postgresOptions(settings)
        // Whoever waits here could have asked the primary.
        options.connectTimeout = .seconds(2)
        options.waitLimit = .seconds(2)
        options.limits[.request]?.runs = .seconds(5)
        options.listenURL = nil
        return PostgresDatabase(url: url, options: options)
    }

    static func openStorage(_ settings: Settings) throws -> any FileStorage { try openStorage(settings.storage, named: "EMPORIUM_STORAGE_URL") }

    /// - Parameter name: what the operator calls it.
    static func openStorage(_ location: Settings.StorageLocation, named name: String) throws -> any FileStorage {
        switch location {
        case .folder(let folder):
            try makeFolder(folder)
            do {
                return try DiskStorage(root: folder)
            } catch {
                throw CommandFailure("The folder for files, \(folder), can not be used: \(error)")
            }
        case .s3(let location):
            do {
                let environment = ProcessInfo.processInfo.environment
                return S3Storage(location, credentials: try S3Credentials.find(profile: location.profile, environment: environment))
            } catch {
                throw CommandFailure("\(name): \(error).")
            }
        }
    }

    static func openCDN(_ settings: Settings) -> any CDN {
        switch settings.cdn {
        case .none: return NoCDN()
        case .fastly(let service, let api, let address):
            let host = URL(string: api)?.host()
            let edge = address.flatMap { address in
                host.map { FastlyCDN.Edge(address: address, fetcher: LiveFetcher(connectingTo: [$0: address])) }
            }
            return FastlyCDN(service: service, key: settings["fastly_key"] ?? "", api: api, fetcher: LiveFetcher(), edge: edge)
        case .varnish(let servers, let key): return VarnishCDN(servers: servers, key: key, fetcher: LiveFetcher())
        }
    }

    /// - Parameter database: says which process may write to it.
    private static func openSearch(_ location: OpenSearchLocation, lockedBy database: any Database) -> OpenSearchEngine {
        let lease = Lease("search-index", in: database, now: IndexClock.system.now)
        return OpenSearchEngine(location, fetcher: LiveFetcher()) { body in try await lease.hold(wait: .seconds(10), body) }
    }

    private static func openMailer(_ settings: Settings, _ logger: Logger) throws -> any Mailer {
        do {
            switch settings.mail {
            case .smtp(let server): return try SMTPMailer(server)
            case .directory(let folder): return try DirectoryMailer(folder: folder)
            case .log:
                return LogMailer { recipient, subject in
                    // No address stands in the log, and no link: whoever wants to read mails sends them into a folder.
                    logger.notice("A mail went nowhere: EMPORIUM_MAIL_URL says log:.", metadata: ["mail.subject": "\(subject)"])
                }
            }
        } catch {
            throw CommandFailure("EMPORIUM_MAIL_URL: \(error).")
        }
    }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                // Password hashes, sealed keys and the secret itself live below it.
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandFailure("The folder \(path) can not be made or used: \((error as NSError).localizedDescription)")
        }
        // What lies in it survives a power cut only if its own name does.
        let parent = open("\(path)/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw CommandFailure("The folder \(path) can not be read and written by this user.")
        }
    }

    static func failure(_ error: DatabaseError, _ settings: Settings) -> CommandFailure {
        let place =
            switch settings.database {
            case .sqlite(let path): path
            case .postgres: "PostgreSQL"
            }
        return switch error.kind {
        case .corrupt: CommandFailure("\(place) is damaged or no database: \(error.message).")
        case .connectionLost: CommandFailure("The database (\(place)) can not be opened: \(error.message)")
        default: CommandFailure("The database (\(place)) can not be used: \(error.message)")
        }
    }
}
