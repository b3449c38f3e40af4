import ArgumentParser
import Backends
import Foundation
import Readme
import Registry
import SQLDatabase
import Web

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show what is configured, reachable and missing; exit 1 when something configured does not answer."
    )

    @OptionGroup var options: IndexOptions

    func run() async throws {
        let settings = try await options.settings()
        var isHealthy = true
        func row(_ name: String, _ state: String, _ note: String) {
            print("\(name.padding(toLength: 32, withPad: " ", startingAt: 0)) \(state.padding(toLength: 9, withPad: " ", startingAt: 0)) \(note)")
        }
        func clock(_ name: String, _ difference: ClockDifference?) {
            guard let difference, !difference.isTolerable else { return }
            row(name, "WARNING", "\(difference): let both follow a time server")
        }

        for setting in SettingDefinition.all {
            let value = settings[setting.key]
            let shown = value.map { setting.isSecret ? "(set)" : $0 } ?? "(\(setting.fallback))"
            row(
                setting.environmentName,
                value == nil ? "default" : setting.status == .ignoredYet ? "ignored" : "set",
                value != nil && setting.status == .ignoredYet ? "\(shown): its feature is not built yet" : shown
            )
        }
        print("")
        if let limit = OpenFileLimit.hard {
            let complaint = OpenFileLimit.complaint(about: limit, connections: settings.webSettings.connections)
            row("open files", complaint == nil ? "enough" : "FEW", complaint ?? "\(limit) may be open")
        }
        do {
            let assembly = try await Assembly(settings, migrating: false)
            let pending = try await Migrator(AllMigrations.list).pending(assembly.index.database)
            if pending.isEmpty {
                let status = try await assembly.index.databaseStatus()
                if let fault = status.writeFault {
                    isHealthy = false
                    row("database", "FAILS", "\(status.version), can not be written: \(fault)")
                } else {
                    row("database", "answers", "\(status.version), schema up to date, can be written")
                }
                clock("database", status.clock)
            } else {
                row("database", "answers", "migrations missing: \(pending.joined(separator: ", "))")
            }
            if let replica = assembly.index.replica, pending.isEmpty {
                let complaint = try await Self.complaint(about: replica, of: assembly.index)
                row("database replica", complaint == nil ? "answers" : "FAILS", complaint ?? "follows this database")
                isHealthy = isHealthy && complaint == nil
            }
            for (setting, storage) in assembly.storages {
                let name = setting == "EMPORIUM_ARCHIVE_URL" ? "archive" : "file storage"
                if let complaint = await Self.complaint(about: storage, of: assembly.index, named: setting) {
                    isHealthy = false
                    row(name, "FAILS", complaint)
                } else {
                    row(name, "answers", settings[setting == "EMPORIUM_ARCHIVE_URL" ? "archive_url" : "storage_url"] ?? "in the data folder")
                    clock(name, try await storage.clockDifference())
                }
            }
            _ = try assembly.temporaryFiles()
            switch await assembly.index.readme.availability() {
            case .ready(let renderer): row("descriptions", "answers", renderer)
            // Nothing fails without it.
            case .missing(let reason): row("descriptions", "MISSING", "shown as plain text: \(reason)")
            }
            await assembly.index.readme.shutDown()
            for cache in assembly.sharedCaches {
                do throws(CacheError) {
                    try await cache.claim(isTaken: false)
                    let status = try await cache.status(now: assembly.index.clock.now())
                    if let fault = status.writeFault {
                        isHealthy = false
                        row("cache", "FAILS", "\(cache.shown), version \(status.version), can not be written: \(fault)")
                    } else {
                        row("cache", "answers", "\(cache.shown), version \(status.version), can be written")
                    }
                    clock("cache", status.clock)
                    for warning in status.warnings { row("cache", "WARNING", warning) }
                } catch {
                    isHealthy = false
                    row("cache", "FAILS", "\(cache.shown): \(error)")
                }
            }
            if let mailer = assembly.index.mailer as? SMTPMailer {
                do {
                    try await mailer.check()
                    row("mail", "answers", "\(settings.mail), from \(assembly.index.settings.mailSender)")
                } catch {
                    isHealthy = false
                    row("mail", "FAILS", "\(settings.mail): \(error)")
                }
            } else {
                row("mail", "is set", "\(settings.mail)")
            }
            if let location = settings.openSearch {
                do throws(SearchUnavailable) {
                    _ = try await assembly.index.search.complete("emporium", limit: 1)
                    row("search", "answers", "\(location.base), \(location.alias)")
                } catch {
                    isHealthy = false
                    row("search", "FAILS", "\(error)")
                }
            }
            if assembly.index.cdn.isPresent {
                do {
                    // A key that no response has: all that a purge needs is tried, and nothing is purged.
                    try await assembly.index.cdn.purge(["emporium-check"])
                    row("CDN", "answers", settings.cdn.shown)
                } catch {
                    isHealthy = false
                    row("CDN", "FAILS", "\(error)")
                }
            }
        } catch {
            isHealthy = false
            row("index", "FAILS", "\(error)")
        }
        if !isHealthy { throw ExitCode(1) }
    }

    /// Why files can not be listed, stored and deleted, or are another index's; `nil` when all is well.
    private static func complaint(about storage: any FileStorage, of index: PackageIndex, named name: String) async -> String? {
        do throws(StorageError) {
            _ = try await storage.list(prefix: "00/", after: nil, limit: 1)
            try await storage.tryOut()
            // A database without a schema has no identity yet.
            guard let owner = try await StorageOwner.name(in: storage), let identity = try? await index.identity(), owner != identity else {
                return nil
            }
            return Assembly.complaint(about: owner, identity, name)
        } catch {
            return "\(error)"
        }
    }

    /// Why pages are not read from a replica; `nil` when they are.
    private static func complaint(about replica: Replica, of index: PackageIndex) async throws -> String? {
        do {
            let standing = try await replica.standing()
            guard try await standing.identity == index.identity() else {
                return "it is a copy of another index: EMPORIUM_DATABASE_REPLICA_URL is wrong"
            }
            return standing.isFollowing ? nil : "it follows no primary any more: it was promoted, or never was a replica"
        } catch let error as DatabaseError {
            return "\(error); pages are read from the database meanwhile"
        }
    }
}
