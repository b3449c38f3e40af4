// The application value: everything a use case works with.

package import Backends
package import Credentials
import Crypto
import JobQueue
package import Logging
package import Readme
package import SQLDatabase

/// The index. Use cases are its methods, one file each; queries hang off a transaction (`tx.projects`).
package struct PackageIndex: Sendable {
    package let database: any Database
    /// What ``database`` is built on: for what comes past the index, as migrations and moves do.
    package let engine: any Database
    /// Where pages may be read too.
    package let replica: Replica?
    /// Where downloads come from.
    package let storage: any FileStorage
    /// What ``storage`` is a copy of; `nil` where it is all there is.
    package let archive: Archive?
    package let passwords: PasswordHasher
    package let secrets: Secrets
    /// Makes HTML of descriptions.
    package let readme: ReadmeRenderer
    /// Keeps pages for readers; told when they are stale.
    package let cdn: any CDN
    /// What may be lost: counts, sessions, words between processes.
    package let cache: any Cache
    package let settings: IndexSettings
    package let clock: IndexClock
    /// Told of everything that becomes stale.
    package let caches: PageCaches
    let followed = FollowedTags()
    let knownIdentity = KnownIdentity()
    /// Classifiers, licences, names of the standard library: as this process knows them now.
    package let identifiers = CurrentIdentifiers()
    package let logger: Logger

    package init(
        database: any Database,
        replica: (any Database)? = nil,
        storage: any FileStorage,
        archive: Archive? = nil,
        passwords: PasswordHasher,
        secrets: Secrets,
        readme: ReadmeRenderer,
        cdn: any CDN = NoCDN(),
        cache: any Cache = MemoryCache(),
        settings: IndexSettings,
        clock: IndexClock = .system,
        logger: Logger
    ) {
        let caches = PageCaches()
        self.caches = caches
        let replica = replica.map { Replica($0) }
        self.replica = replica
        engine = database
        self.database = TaggingDatabase(
            database,
            caches: caches,
            now: clock.now,
            willCommit: { replica?.raise(to: $0) },
            atCommit: { tags, tx in
                if cdn.isPresent { try tx.enqueuePurge(of: tags, now: clock.now()) }
            },
            afterCommit: { process in
                if cache.isShared { cache.publish(Array(process.utf8), on: TouchedTags.signal) }
            }
        )
        self.storage = storage
        self.archive = archive
        self.passwords = passwords
        self.secrets = secrets
        self.readme = readme
        self.cdn = cdn
        self.cache = cache
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    /// Closes what the index reads from and writes to.
    package func close() async {
        await replica?.engine.close()
        await database.close()
    }

    /// Where all bytes are that a row names, from the moment it commits.
    var truth: any FileStorage { archive?.storage ?? storage }

    package var links: Links { Links(settings: settings) }

    /// Brings the schema up to date.
    ///
    /// - Returns: the names of the migrations applied.
    @discardableResult
    package func migrate() async throws -> [String] {
        try await Migrator(AllMigrations.list).migrate(engine, now: clock.now())
    }
}

/// Keys derived from the site's secret key.
package struct Secrets: Sendable {
    /// Seals the root keys of API tokens.
    let tokenKeys: SecretBox
    /// What tells this index from others that use the same Redis: 16 hexadecimal digits, the same in every process. Says nothing of the key.
    package let indexID: String

    /// - Parameter secretKey: at least 32 bytes that only this site knows.
    package init(secretKey: [UInt8]) {
        tokenKeys = SecretBox(secretKey: secretKey, purpose: "api token root keys")
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secretKey),
            info: Array("emporium index id 1".utf8),
            outputByteCount: 8
        )
        indexID = derived.withUnsafeBytes { bytes in bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    }
}
