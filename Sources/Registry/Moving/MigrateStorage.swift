// Moves the files of an index from one storage to another, while it serves.

package import Backends
import SQLDatabase

/// What a move of files did.
package struct StorageMoveOutcome: Sendable {
    package internal(set) var copied = 0
    /// Files that the target had already.
    package internal(set) var present = 0
    /// One line for each file that the target does not have, with why.
    package internal(set) var faults: [String] = []
}

/// A storage that does not do its part, as a sentence.
package struct StorageMoveFault: Error, Sendable, CustomStringConvertible {
    package let description: String
}

extension PackageIndex {
    private static let batch = 200
    private static let width = 8
    /// How far back a look for new files begins again: of two files that are published at once the one with the higher id may be seen first.
    private static let overlap: Int64 = 1000
    /// How often it looks for what was published meanwhile. What comes after that is copied by the run after the restart, which there has to be anyway.
    private static var looks: Int { 10 }

    /// Copies every file that a row names, and then those that were published meanwhile, until there are no more. It can be stopped and run again: what the
    /// target has is not copied again.
    ///
    /// Published files never change, so that each is looked at once.
    /// - Parameters:
    ///   - isCheck: whether nothing is copied, only every byte of the target compared.
    ///   - temporary: where larger files lie on their way.
    /// - Throws: ``StorageMoveFault``, `DatabaseError`; `CancellationError` when it was stopped.
    package func migrateStorage(
        from source: any FileStorage,
        to target: any FileStorage,
        isCheck: Bool = false,
        temporary: TemporaryFiles,
        work: LongWork = LongWork()
    ) async throws -> StorageMoveOutcome {
        let copy = BlobCopy(source: source, target: target, temporary: temporary)
        var outcome = StorageMoveOutcome()
        work.begin("files", total: try await database.read { try $0.files.count() })
        var (last, rounds): (Int64, Int) = (0, 0)
        var recent: Set<Int64> = []
        while true {
            try work.checkStop()
            let found = try await database.read { [last] in try $0.files.named(after: last, limit: Self.batch) }
            let files = found.filter { !recent.contains($0.id) }
            for (file, end) in try await Self.some(files, width: Self.width, { ($0, try await Self.move($0, copy, isCheck)) }) {
                switch end {
                case .copied:
                    outcome.copied += 1
                    work.advance()
                case .present:
                    outcome.present += 1
                    if isCheck { work.advance() } else { work.skip() }
                case .fault(let fault):
                    // Unless it was deleted since.
                    guard try await database.read({ try $0.files.named(id: file.id) }) != nil else { continue }
                    outcome.faults.append(fault)
                    work.note(fault)
                    work.advance()
                }
            }
            recent.formUnion(files.map(\.id))
            if let end = found.last?.id {
                last = end
                recent = recent.filter { $0 > end - 2 * Self.overlap }
                if found.count == Self.batch { continue }
            }
            // At the end: once more over the newest, and done when that brings nothing, or somebody always publishes faster than this copies.
            if rounds > 0, files.isEmpty || rounds == Self.looks { break }
            rounds += 1
            last = max(0, last - Self.overlap)
        }
        work.end()
        return outcome
    }

    private enum Moved: Sendable {
        case copied
        case present
        case fault(String)
    }

    private static func move(_ file: NamedFile, _ copy: BlobCopy, _ isCheck: Bool) async throws -> Moved {
        var moved = Moved.present
        do {
            for blob in file.blobs {
                let fault: Blob.Fault?
                do {
                    fault = try await BlobCopy.fault(of: blob, in: copy.target, isCheck ? .thorough : .quick)
                } catch let error as StorageError {
                    throw BlobCopy.Failure(side: .target, error: error)
                }
                guard let fault else { continue }
                if isCheck { return .fault("\(fault)") }
                if let fault = try await copy.copy(blob) { return .fault("\(fault)") }
                moved = .copied
            }
        } catch let failure as BlobCopy.Failure {
            throw StorageMoveFault(failure)
        }
        return moved
    }
}

extension StorageMoveFault {
    init(_ failure: BlobCopy.Failure) {
        switch (failure.side, failure.error) {
        case (.source, let error): description = "--from can not be read: \(error)"
        case (.target, .full): description = "--to is full; make room and run it again, and it goes on"
        case (.target, let error): description = "--to can not be used: \(error)"
        }
    }
}
