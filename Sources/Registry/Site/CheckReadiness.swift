// Whether the index can do its work now, not merely answer.

import Backends
import Foundation
import SQLDatabase

/// What stands in the way of publishing; nothing when the index is ready.
package struct Readiness: Sendable, Hashable {
    /// A part that does not work, with a reason that may be shown to anyone: no path, no address, no secret.
    package struct Fault: Sendable, Hashable {
        package let part: String
        package let reason: String

        package init(part: String, reason: String) {
            self.part = part
            self.reason = reason
        }
    }

    package var faults: [Fault]
    /// What does not work and nobody needs.
    package var notes: [Fault] = []

    package init(faults: [Fault]) { self.faults = faults }
}

extension PackageIndex {
    /// Begins what every upload begins with, through the same connections, and takes it back; and asks the storage for a file that is not there.
    ///
    /// It may take as long as an upload would wait: callers limit it.
    package func checkReadiness() async -> Readiness {
        var readiness = Readiness(faults: [])
        // A path of its own, so that no two checks wait for each other's row.
        let (path, now) = ("readiness/\(UUID().uuidString)", clock.now())
        do {
            try await database.write { tx in
                _ = try tx.pendingFiles.hold(path, now: now)
                throw TakenBack()
            }
        } catch is TakenBack {
        } catch let error as DatabaseError where error.message == Freeze.reason {
            // On purpose, and for readers it makes no difference.
            readiness.notes.append(.init(part: "database", reason: "the index is frozen: nothing is written"))
        } catch {
            readiness.faults.append(.init(part: "database", reason: Self.reason((error as? DatabaseError)?.kind)))
        }
        do throws(CacheError) {
            _ = try await cache.get("readiness", in: .queries)
        } catch {
            readiness.notes.append(.init(part: "cache", reason: "it does not answer; everything goes on without it"))
        }
        if let archive {
            if let reason = await Self.fault(of: archive.storage, path) { readiness.faults.append(.init(part: "archive", reason: reason)) }
            // Uploads do not need it, and downloads come from the archive meanwhile.
            // Nor does anybody wait for it.
            let reason: String?
            do {
                reason = try await within(.seconds(1)) { [storage] in await Self.fault(of: storage, path) }
            } catch {
                reason = "it does not answer in time"
            }
            if let reason { readiness.notes.append(.init(part: "storage", reason: reason)) }
        } else if let reason = await Self.fault(of: storage, path) {
            readiness.faults.append(.init(part: "storage", reason: reason))
        }
        return readiness
    }

    private static func fault(of storage: any FileStorage, _ path: String) async -> String? {
        do {
            _ = try await storage.size(of: StoragePath(path))
        } catch let error as StorageError {
            if case .notFound = error { return nil }
            return "it does not answer"
        } catch {
            return "it does not take paths"
        }
        return nil
    }

    private struct TakenBack: Error {}

    private static func reason(_ kind: DatabaseError.Kind?) -> String {
        switch kind {
        case .exhausted: "all connections are busy"
        case .connectionLost: "there is no connection"
        case .conflict: "it is locked"
        case .timeout: "a write took too long"
        case .full: "it has no room left"
        case .readOnly: "it can not be written"
        case .corrupt: "it is damaged"
        case .schema: "its schema is not this program's"
        default: "a write failed"
        }
    }
}
