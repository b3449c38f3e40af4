// Takes old backups away.

package import Backends
import Foundation

/// What was taken away.
package struct PruneOutcome: Sendable, Hashable {
    package var backups: [String] = []
    package var files = 0
    /// Why files were left; `nil` when none were.
    package var note: String?
}

extension BackupShelf {
    /// How long a backup that was begun and not finished may still be at work, in microseconds.
    private static let patience: Int64 = 24 * 3600 * 1_000_000

    /// Keeps the newest backups and removes the others, and then the files that no backup names any more.
    ///
    /// - Throws: ``BackupFault`` when a backup that stays can not be read: then no file is removed.
    package func prune(keeping count: Int, now: Int64, folder: String, work: LongWork = LongWork()) async throws -> PruneOutcome {
        precondition(count > 0, "one backup stays")
        let all = try await manifests()
        var outcome = PruneOutcome()
        let kept = all.suffix(count)
        // Before anything is removed: the lists of those that stay are whole.
        var named: Set<String> = []
        for manifest in kept {
            let path = "\(folder)/prune-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: path) }
            try await fetch(manifest.blobs, to: path)
            try await Blob.each(inList: path) { named.insert("files/\($0.path)") }
        }
        for manifest in all.dropLast(count) {
            try work.checkStop()
            // The manifest first: what is left without it is no backup.
            for name in ["manifest.json", "rows", "blobs", "begun"] { try await storage.delete(Self.part(manifest.id, name)) }
            outcome.backups.append(manifest.id)
        }
        for path in try await storage.list(prefix: "backups/") where path.text.hasSuffix("/begun") {
            guard try await now - storage.open(path).storedAt > Self.patience else {
                outcome.note = "A backup was begun less than a day ago and has not ended (\(path)): no files were removed."
                return outcome
            }
            let id = String(path.text.dropFirst("backups/".count).dropLast("/begun".count))
            for name in ["rows", "blobs", "begun"] where !kept.contains(where: { $0.id == id }) { try await storage.delete(Self.part(id, name)) }
        }
        work.begin("files looked at")
        for path in try await storage.list(prefix: "files/") {
            try work.checkStop()
            if !named.contains(path.text), try await storage.delete(path) { outcome.files += 1 }
            work.advance()
        }
        work.end()
        return outcome
    }
}
