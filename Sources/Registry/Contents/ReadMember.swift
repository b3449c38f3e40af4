import Backends
package import Distributions

/// What became of the wish to see one member.
package enum MemberFinding: Sendable {
    case content(MemberContent)
    /// It is damaged, encrypted or packed in an unknown way, or the archive is. In English.
    case unreadable(String)
    case missing
}

/// A member of two releases.
package struct ComparedMembers: Sendable {
    package let old: MemberFinding
    package let new: MemberFinding
    /// Where both are text, and not too different to be told by lines.
    package let difference: UnifiedDifference?
}

extension PackageIndex {
    /// How much of a member is looked at, in bytes, and in lines when it is compared.
    package static let shownBytes = 256 * 1024
    private static let comparedLines = 10_000
    /// How long a page waits for an archive once it is its turn.
    private static let memberLimit: Duration = .seconds(15)

    /// One member of a published file.
    ///
    /// - Parameter path: as it is shown; it is compared, never used as the path of a file.
    /// - Throws: ``Rejection`` `unavailable` when too many ask or it takes too long; `StorageError`.
    package func member(_ path: String, of file: File) async throws -> MemberFinding {
        try await archiveLine.wait {
            let stored = try await openFile(StoragePath(file.path)).file
            return try await archiveLine.run { try Self.member(path, of: stored) }
        }
    }

    /// One member of two published files, and what differs.
    ///
    /// - Throws: as ``member(_:of:)``.
    package func compareMembers(_ oldPath: String, of oldFile: File, _ newPath: String, of newFile: File) async throws -> ComparedMembers {
        try await archiveLine.wait {
            let (old, new) = (try await openFile(StoragePath(oldFile.path)).file, try await openFile(StoragePath(newFile.path)).file)
            return try await archiveLine.run {
                let (before, after) = (try Self.member(oldPath, of: old), try Self.member(newPath, of: new))
                var difference: UnifiedDifference?
                if case .content(let old) = before, case .content(let new) = after, case .text(let old) = old.form, case .text(let new) = new.form {
                    difference = UnifiedDifference(from: Array(old.lines.prefix(Self.comparedLines)), to: Array(new.lines.prefix(Self.comparedLines)))
                }
                return ComparedMembers(old: before, new: after, difference: difference)
            }
        }
    }

    private static func member(_ path: String, of stored: StoredFile) throws -> MemberFinding {
        let archive = StoredArchive(stored, limit: memberLimit)
        do throws(InvalidArchive) {
            return try MemberReader(archive.source).content(of: path, limit: shownBytes).map(MemberFinding.content) ?? .missing
        } catch {
            switch archive.failure {
            case .storage(let failure): throw failure
            case .tooSlow, .cancelled: throw Rejection(.unavailable, "Opening this archive took too long; try again in a moment.")
            case nil: return .unreadable(error.message)
            }
        }
    }

    // MARK: Summaries

    /// From how many members on reading a summary is work for the line.
    private static let largeSummary = 5_000

    /// What a file has inside.
    ///
    /// - Returns: `nil` where it can not be told.
    /// - Throws: ``Rejection`` `unavailable` when too many ask.
    package func decoded(_ contents: FileContents) async throws -> DistributionContents? {
        guard contents.facts.memberCount > Self.largeSummary else { return contents.decoded() }
        return try await archiveLine.wait { try await archiveLine.run { contents.decoded() } }
    }

    /// What differs between two files, with what each has inside.
    ///
    /// - Returns: `nil` where it can not be told.
    /// - Throws: ``Rejection`` `unavailable` when too many ask.
    package func difference(from old: FileContents, to new: FileContents) async throws
        -> (old: DistributionContents, new: DistributionContents, difference: ContentsDifference)?
    {
        try await archiveLine.wait {
            try await archiveLine.run {
                guard let before = old.decoded(), let after = new.decoded() else { return nil }
                return (before, after, ContentsDifference(from: before, to: after))
            }
        }
    }
}
