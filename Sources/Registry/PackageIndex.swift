// The application value: everything a use case works with.

package import Backends
package import Credentials
import Crypto
import Foundation
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
    /// Takes mails to people.
    package let mailer: any Mailer
    /// Finds projects. What it holds is a copy.
    package let search: any SearchEngine
    /// Where passwords are looked up that were stolen elsewhere; `nil`: nowhere.
    package let breaches: BreachList?
    /// What tells people from programs when they register; `nil`: nothing.
    package let captcha: Captcha?
    package let settings: IndexSettings
    package let clock: IndexClock
    /// Counts what this process serves.
    package let downloads: DownloadCounter
    /// Told of everything that becomes stale.
    package let caches: PageCaches
    let followed = FollowedTags()
    let knownIdentity = KnownIdentity()
    let facets = KnownFacets()
    let knownCounts = KnownCounts()
    /// Room for those who log in.
    let passwordLine = PasswordLine()
    /// Room for those who look into archives.
    package let archiveLine = ArchiveLine()
    /// Room for uploads that are judged.
    package let judgingLine = JudgingLine()
    /// Descriptions that were rendered lately.
    let renderedDescriptions = RenderedDescriptions()
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
        mailer: any Mailer = MemoryMailer(),
        search: (any SearchEngine)? = nil,
        breaches: BreachList? = nil,
        captcha: Captcha? = nil,
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
                if cdn.isPresent { try tx.enqueuePurge(of: tags.filter(\.isForCDN), now: clock.now()) }
                try tx.enqueueReindexing(of: tags, now: clock.now())
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
        self.mailer = mailer
        self.search = search ?? SQLSearch(self.database, now: clock.now)
        self.breaches = breaches
        self.captcha = captcha
        self.settings = settings
        downloads = DownloadCounter(isOn: settings.countsDownloads)
        self.clock = clock
        self.logger = logger
    }

    /// Closes what the index reads from and writes to.
    package func close() async {
        (mailer as? SMTPMailer)?.close()
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
    /// Opens the page that makes the first administrator.
    let setUp: String
    /// Seals the secrets of authenticator apps.
    let factors: SecretBox
    let recoveryCodes: RecoveryCodeHasher
    /// Signs what links and cookies say.
    let timedTokens: TimedTokenSigner
    /// Makes the tokens of forms out of sessions.
    private let forms: SymmetricKey

    /// - Parameter secretKey: at least 32 bytes that only this site knows.
    package init(secretKey: [UInt8]) {
        tokenKeys = SecretBox(secretKey: secretKey, purpose: "api token root keys")
        factors = SecretBox(secretKey: secretKey, purpose: "authenticator apps")
        recoveryCodes = RecoveryCodeHasher(secretKeys: [secretKey])
        timedTokens = TimedTokenSigner(secretKeys: [secretKey])
        func derive(_ purpose: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: secretKey), info: Array(purpose.utf8), outputByteCount: count)
        }
        func hexadecimal(_ key: SymmetricKey) -> String {
            key.withUnsafeBytes { bytes in bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
        }
        indexID = hexadecimal(derive("emporium index id 1", 8))
        setUp = hexadecimal(derive("emporium set-up 1", 20))
        forms = derive("emporium forms 1", 32)
    }

    /// What a form must bring to show that it is our own page's, in a browser that holds this session's id (platform §0.3).
    package func formToken(for id: SessionID) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(id.text.utf8), using: forms).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Something for a security key to sign in this session (W3C WebAuthn §13.4.3): the time, 16 random bytes, and a code over both and the session's id.
    ///
    /// - Parameter now: microseconds since 1970.
    package func challenge(for id: SessionID, now: Int64) -> [UInt8] {
        let head = withUnsafeBytes(of: now.bigEndian) { Array($0) } + SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        return head + HMAC<SHA256>.authenticationCode(for: Data(Self.challengePurpose + head + Array(id.text.utf8)), using: forms)
    }

    /// Whether this is a challenge of this session that was made no longer ago than ``challengeLifetime``.
    package func isChallenge(_ bytes: [UInt8], for id: SessionID, now: Int64) -> Bool {
        guard bytes.count == 24 + SHA256.byteCount else { return false }
        let head = Array(bytes.prefix(24))
        guard HMAC<SHA256>.isValidAuthenticationCode(bytes.dropFirst(24), authenticating: Data(Self.challengePurpose + head + Array(id.text.utf8)), using: forms)
        else { return false }
        let madeAt = head.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return madeAt <= now && now - madeAt < Self.challengeLifetime.microseconds
    }

    /// How long a key may take to answer.
    static let challengeLifetime: Duration = .seconds(300)
    /// Keeps these codes apart from those of forms.
    private static let challengePurpose = Array("webauthn challenge ".utf8)

    /// Whether a form brought the token of this session. Takes as long whatever it brought.
    package func isFormToken(_ text: String, for id: SessionID) -> Bool {
        guard text.utf8.count == 64 else { return false }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
        return HMAC<SHA256>.isValidAuthenticationCode(bytes, authenticating: Data(id.text.utf8), using: forms)
    }
}
