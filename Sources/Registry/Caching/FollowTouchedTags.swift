// Learns what other processes touched.

import Backends
import Logging
import SQLDatabase
import Synchronization

extension PackageIndex {
    /// The longest that a page can be older than another process's change, should the message about it be lost, while the database answers.
    package static let followInterval: Duration = .seconds(1)

    /// Drops what other processes touch from this process's caches, until the task is cancelled.
    ///
    /// A message (PostgreSQL's NOTIFY, or one by way of a shared cache) says when to look; should it be lost, or never be sent, the comparison of numbers every
    /// ``followInterval`` finds the change.
    package func followTouchedTags() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    await compareTouchedTags()
                    try? await Task.sleep(for: Self.followInterval)
                }
            }
            group.addTask {
                // Without a listener, or once it has ended, the comparison alone finds changes.
                guard let messages = try? await database.listen(to: TouchedTags.channel) else { return }
                for await sender in messages where sender != caches.process { await compareTouchedTags() }
            }
            if cache.isShared {
                group.addTask {
                    for await sender in cache.messages(on: TouchedTags.signal) where !sender.elementsEqual(caches.process.utf8) {
                        await compareTouchedTags()
                    }
                }
            }
            await group.waitForAll()
        }
    }

    private func compareTouchedTags() async {
        do {
            try await catchUpWithTouchedTags()
        } catch {
            // While nobody can ask the database, nobody can be told of a change by it either: the pages stay.
            if !Task.isCancelled {
                logger.warning("Whether cached pages are current can not be asked; trying again.", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Drops what others have touched since the last time.
    package func catchUpWithTouchedTags() async throws {
        let begin = ContinuousClock.now
        let seen = followed.number
        let (last, entries) = try await database.read { tx in
            let last = try tx.touchedTags.lastNumber()
            guard let seen, last > seen else { return (last, [TouchedTags.Entry]()) }
            return (last, try tx.touchedTags.entries(after: seen, limit: Int(min(last - seen, 4096))))
        }
        followed.apply(entries, last: last, seen: seen, to: caches)
        followed.compared(at: begin)
    }

    /// Whether a CDN may keep what this process says now: not when the process could not compare for so long that even the second purge after a change might
    /// find it giving out what was there before (``PurgeTags``).
    package var mayBeKeptByCDN: Bool { !cdn.isPresent || followed.hasCompared(within: .microseconds(PurgeTags.hearing)) }
}

/// How far this process has followed.
final class FollowedTags: Sendable {
    private let state = Mutex<Int64?>(nil)
    private let comparedAt = Mutex<ContinuousClock.Instant?>(nil)

    func compared(at instant: ContinuousClock.Instant) { comparedAt.withLock { $0 = max($0 ?? instant, instant) } }

    func hasCompared(within duration: Duration) -> Bool { comparedAt.withLock { $0.map { ContinuousClock.now - $0 <= duration } ?? false } }

    var number: Int64? { state.withLock { $0 } }

    /// - Parameters:
    ///   - last: the newest number there is.
    ///   - seen: the number behind which the entries were asked for; `nil` at the start, when nothing is known of what was cached until now.
    func apply(_ entries: [TouchedTags.Entry], last: Int64, seen: Int64?, to caches: PageCaches) {
        guard let seen, last >= seen else {
            // The first look, or a database that was set back to an earlier state.
            caches.dropEverything()
            return state.withLock { $0 = last }
        }
        guard last > seen else { return }
        // Entries that were pruned, or too many to read: what they touched is unknown.
        let isWhole = Int64(entries.count) == last - seen && !entries.contains { $0.isPartlyUnknown }
        if isWhole {
            caches.drop(entries.reduce(into: []) { tags, entry in if entry.process != caches.process { tags.formUnion(entry.tags) } })
        } else {
            caches.dropEverything()
        }
        state.withLock { $0 = max($0 ?? 0, last) }
    }
}
