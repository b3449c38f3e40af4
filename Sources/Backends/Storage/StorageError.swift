import FaultPoints

/// What can go wrong with a file storage.
public enum StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No file at this path.
    case notFound(StoragePath)
    /// Other bytes are at this path already; they were not touched.
    case conflict(StoragePath)
    /// No room, or over quota. Nothing was stored.
    case full
    /// The storage, or the local file to be stored, cannot be used: what was tried, and the system's reason.
    case unavailable(String)

    /// Whether it is only that there is no such file.
    public var isNotFound: Bool {
        switch self {
        case .notFound: true
        case .conflict, .full, .unavailable: false
        }
    }

    /// Whether other bytes are in the way.
    public var isConflict: Bool {
        switch self {
        case .conflict: true
        case .notFound, .full, .unavailable: false
        }
    }

    public var description: String {
        switch self {
        case .notFound(let path): "no file is stored at \(path)"
        case .conflict(let path): "another file is stored at \(path)"
        case .full: "the file storage is full"
        case .unavailable(let reason): "the file storage does not work: \(reason)"
        }
    }
}

extension StorageError {
    /// Passes a fault point, and throws what it was told to fail with. Nothing in a release.
    @inline(__always)
    static func inject(at point: @autoclosure () -> StaticString) throws(StorageError) {
        let code = injectedError(at: point())
        if code != 0 { throw StorageError(errno: code, doing: "an injected fault") }
    }
}
