#if DEBUG

/// Every place where a debug build can be told to die, in the order in which an index and its uploads pass them. Tests go through them all.
public enum FaultPoint: String, CaseIterable, Sendable {
    // The first start of all.
    case secretKeyWrite = "secret-key.write"
    case secretKeyLinked = "secret-key.linked"

    // The file comes in.
    case uploadCreate = "upload.create"
    case uploadCreated = "upload.created"
    case uploadWrite = "upload.write"

    // Its path is noted as pending.
    case holdCommit = "hold.commit"
    case holdCommitted = "hold.committed"

    // It is stored, then its metadata.
    case putCreate = "storage.put.create"
    case putCreated = "storage.put.created"
    case putWrite = "storage.put.write"
    case putSyncFile = "storage.put.sync-file"
    case putMakeFolder = "storage.put.make-folder"
    case putLink = "storage.put.link"
    case putLinked = "storage.put.linked"
    case putSyncPresent = "storage.put.sync-present"
    case putSyncFolder = "storage.put.sync-folder"
    case putDone = "storage.put.done"

    // It becomes visible.
    case recordCommit = "record.commit"
    case recordCommitted = "record.committed"
    case answer

    // It is downloaded.
    case open = "storage.open"

    // Or it is taken away again.
    case sweepCommit = "sweep.commit"
    case sweepMarked = "sweep.marked"
    case delete = "storage.delete"
    case deleteSyncFolder = "storage.delete.sync-folder"
    case sweepDeleted = "sweep.deleted"
    case sweepForgotten = "sweep.forgotten"

    /// Whether a system call is made right behind it, which can be told to fail.
    public var canFail: Bool {
        switch self {
        case .uploadCreate, .uploadWrite, .putCreate, .putWrite, .putSyncFile, .putMakeFolder, .putLink, .putSyncPresent, .putSyncFolder, .open,
            .delete, .deleteSyncFolder:
            true
        default: false
        }
    }
}

#endif
