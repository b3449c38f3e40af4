// An index of a test's own.

package import Backends
import Credentials
import Foundation
import JobQueue
import Logging
import Readme
package import Registry
package import SQLDatabase

/// A whole index on a fresh database, with storage in memory and a clock that stands still.
package struct TestIndex: Sendable {
    package let index: PackageIndex
    package let storage: MemoryStorage
    package let clock: ManualClock
    /// Where the files of uploads lie.
    package let folder: String
    private let database: TestDatabase

    /// Services that most tests need no double of.
    package struct Outside: Sendable {
        /// `nil`: mails are kept in memory.
        package var mailer: (any Mailer)?
        package var breaches: BreachList?
        package var captcha: Captcha?
        /// `nil`: the database searches.
        package var search: (any SearchEngine)?

        package init(mailer: (any Mailer)? = nil, breaches: BreachList? = nil, captcha: Captcha? = nil, search: (any SearchEngine)? = nil) {
            self.search = search
            self.mailer = mailer
            self.breaches = breaches
            self.captcha = captcha
        }
    }

    package var db: any Database { index.database }
    /// What ``db`` is built on.
    package var engine: any Database { database.database }

    /// Runs `body` with an index on the engine of this run, then makes sure that nothing was left undone: no job that is due or parked, no path
    /// pending, no stored bytes without a row, no row without bytes.
    ///
    /// - Parameter python: an interpreter that has `readme_renderer[md]`; without one, descriptions are plain text.
    package static func run(
        settings: IndexSettings = IndexSettings(),
        python: String = "/no/interpreter",
        cdn: any CDN = NoCDN(),
        outside: Outside = Outside(),
        _ body: (TestIndex) async throws -> Void
    ) async throws {
        let database = try await TestEngine.current.makeDatabase(migrations: AllMigrations.list)
        let folder = FileManager.default.temporaryDirectory.appending(path: "emporium-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let clock = ManualClock()
        let storage = MemoryStorage(now: clock.clock.now)
        let index = makeIndex(database.database, storage, clock, settings: settings, python: python, cdn: cdn, outside: outside)
        let test = TestIndex(index: index, storage: storage, clock: clock, folder: folder, database: database)
        do {
            try await body(test)
            try await test.checkNothingIsLeft()
        } catch {
            await index.readme.shutDown()
            await database.drop()
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        await index.readme.shutDown()
        await database.drop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The same index as another process sees it: with the same database, storage and clock, but caches of its own.
    ///
    /// - Parameters:
    ///   - engine: how it reaches the database, where that is not the usual way.
    ///   - cache: what it shares with others, where it shares something.
    package func anotherProcess(engine: (any Database)? = nil, cache: any Cache = MemoryCache()) -> PackageIndex {
        Self.makeIndex(
            engine ?? database.database,
            storage,
            clock,
            settings: index.settings,
            python: "/no/interpreter",
            cdn: index.cdn,
            cache: cache
        )
    }

    /// An index over databases of a test's own.
    package static func makeIndex(
        _ database: any Database,
        replica: (any Database)? = nil,
        _ storage: MemoryStorage,
        _ clock: ManualClock,
        settings: IndexSettings = IndexSettings(),
        python: String = "/no/interpreter",
        cdn: any CDN = NoCDN(),
        cache: any Cache = MemoryCache(),
        outside: Outside = Outside()
    ) -> PackageIndex {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return PackageIndex(
            database: database,
            replica: replica,
            storage: storage,
            passwords: .forTests,
            secrets: Secrets(secretKey: Array("a secret key that only tests know".utf8)),
            readme: ReadmeRenderer(python: python, logger: logger),
            cdn: cdn,
            cache: cache,
            mailer: outside.mailer ?? MemoryMailer(),
            search: outside.search,
            breaches: outside.breaches,
            captcha: outside.captcha,
            settings: settings,
            clock: clock.clock,
            logger: logger
        )
    }

    /// Something that a use case left undone.
    package struct Leftover: Error, CustomStringConvertible {
        package let description: String
    }

    private func checkNothingIsLeft() async throws {
        try await runJobs()
        let stored = try await Set(storage.list().map(\.text)).subtracting([StorageOwner.path])
        let (paths, parked, pending) = try await db.read { tx in
            let pending: Int = try tx.execute("SELECT COUNT(*) AS count FROM pending_files")[0]["count"]
            return (try Set(tx.files.paths()), try tx.jobs.counts().parked, pending)
        }
        if parked > 0 { throw Leftover(description: "\(parked) jobs are parked") }
        if pending > 0 { throw Leftover(description: "\(pending) paths are still pending") }
        let orphans = stored.filter { !paths.contains($0) && !($0.hasSuffix(".metadata") && paths.contains(String($0.dropLast(9)))) }
        if !orphans.isEmpty { throw Leftover(description: "bytes without a row: \(orphans.sorted())") }
        let missing = paths.subtracting(stored)
        if !missing.isEmpty { throw Leftover(description: "rows without bytes: \(missing.sorted())") }
    }

    /// Runs every job that is due.
    @discardableResult
    package func runJobs() async throws -> Int {
        try await JobRunner(database: db, registry: AllJobs.registry, context: index, now: clock.clock.now, logger: index.logger).runDue()
    }

    /// The mails that were sent since this was asked last; those that wait are sent first.
    package func takeMails() async throws -> [MailMessage] {
        try await runJobs()
        return (index.mailer as? MemoryMailer)?.takeMessages() ?? []
    }

    // MARK: Making things

    /// A user with a verified address.
    @discardableResult
    package func user(_ name: String = "alice") async throws -> User {
        try await index.createUser(username: name, email: "\(name)@example.org")
    }

    /// A user's token, as the operator makes it unless told otherwise.
    package func token(of user: String = "alice", project: String? = nil, expiresAt: Int64? = nil, origin: APIToken.Origin = .operator_) async throws
        -> String
    {
        try await index.createToken(
            for: user,
            NewToken(description: UUID().uuidString, projects: project.map { [$0] } ?? [], expiresAt: expiresAt, origin: origin)
        )
    }

    @discardableResult
    package func publish(_ upload: UploadBuilder, token: String) async throws -> PublishOutcome {
        try await index.publish(upload.received(as: .token(token), in: folder))
    }
}
