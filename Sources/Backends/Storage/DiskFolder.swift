// The folder tree of a disk storage, walked without following symbolic links.
import FaultPoints
import Glibc

/// Blocking operations relative to an opened root folder.
struct DiskFolder: Sendable {
    let rootPath: String
    let root: Descriptor
    let device: dev_t
    /// Folders whose entry in the one above was synchronized by this process: they need not be synchronized again.
    private let lasting = LastingFolders()

    private static let folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// Makes the folder, with the ones above it, when it does not exist.
    init(root path: String) throws(StorageError) {
        try Self.makeFolders(path)
        rootPath = path
        // The root itself may be a link: that is the operator's choice.
        root = try Descriptor(Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), doing: "open \(path)")
        device = try root.status().st_dev
    }

    /// Opens a stored file.
    func open(_ path: StoragePath) throws(StorageError) -> Descriptor {
        let parts = path.parts
        let parent = try folders(on: parts.dropLast(), creating: false, for: path).chain.last ?? root
        let number = withExtendedLifetime(parent) { openat(parent.number, parts.last!, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) }
        guard number >= 0 else {
            if Self.meansMissing(errno) { throw .notFound(path) }
            throw StorageError(errno: errno, doing: "open \(path)")
        }
        let file = try Descriptor(number, doing: "open")
        guard try file.status().st_mode & S_IFMT == S_IFREG else { throw .notFound(path) }
        return file
    }

    /// Gives a synchronized file its path and makes that last.
    /// - Parameter name: a name of the file; a link under `/proc/self/fd` counts as the file it stands for.
    func link(_ name: String, of file: Descriptor, to path: StoragePath) throws(StorageError) {
        let parts = path.parts
        let (chain, newest) = try folders(on: parts.dropLast(), creating: true, for: path)
        let parent = chain.last ?? root
        try StorageError.inject(at: "storage.put.link")
        if linkat(AT_FDCWD, name, parent.number, parts.last!, AT_SYMLINK_FOLLOW) != 0 {
            guard errno == EEXIST else { throw StorageError(errno: errno, doing: "link \(path)") }
            let present: Descriptor
            do {
                present = try open(path)
            } catch .notFound {
                throw .conflict(path)  // a folder or a symbolic link is there
            }
            guard try Self.sameContent(present, file) else { throw .conflict(path) }
            // Its content was synchronized before it was linked; whether its name was, nobody can tell. So nothing is taken for granted, not even that
            // whoever linked it still lives: file and folders are synchronized as if it had just been written.
            try StorageError.inject(at: "storage.put.sync-present")
            try present.synchronize()
        }
        passFaultPoint("storage.put.linked")
        // Not only the new ones: another process may have made one and not got as far as this. When it fails the file stays: others may hold the
        // same path by now, and only the sweep knows.
        let firstDoubtful = lasting.firstDoubtful(on: parts.dropLast(), newest: newest)
        for folder in ([root] + chain)[firstDoubtful...].reversed() {
            try StorageError.inject(at: "storage.put.sync-folder")
            try folder.synchronize()
        }
        lasting.note(parts.dropLast())
    }

    /// - Returns: whether there was a file.
    func remove(_ path: StoragePath) throws(StorageError) -> Bool {
        let parts = path.parts
        let parent: Descriptor
        do {
            parent = try folders(on: parts.dropLast(), creating: false, for: path).chain.last ?? root
        } catch .notFound {
            return false
        }
        try StorageError.inject(at: "storage.delete")
        let isRemoved = unlinkat(parent.number, parts.last!, 0) == 0
        if !isRemoved {
            if errno == EISDIR { return false }
            guard Self.meansMissing(errno) else { throw StorageError(errno: errno, doing: "delete \(path)") }
        }
        // Also when it was gone: whoever removed it may have died before it lasted.
        try StorageError.inject(at: "storage.delete.sync-folder")
        try parent.synchronize()
        return isRemoved
    }

    /// The folders named by `parts`, from the outermost to the innermost, and the place of the first one that was made just now.
    private func folders(
        on parts: ArraySlice<String>,
        creating: Bool,
        for path: StoragePath
    ) throws(StorageError) -> (chain: [Descriptor], newest: Int?) {
        var chain: [Descriptor] = []
        var newest: Int?
        for part in parts {
            let parent = (chain.last ?? root).number
            if creating { try StorageError.inject(at: "storage.put.make-folder") }
            if creating {
                if mkdirat(parent, part, 0o755) == 0 {
                    newest = newest ?? chain.count
                } else if errno != EEXIST {
                    throw StorageError(errno: errno, doing: "make a folder for \(path)")
                }
            }
            let number = openat(parent, part, Self.folderFlags)
            guard number >= 0 else {
                if !creating && Self.meansMissing(errno) { throw .notFound(path) }
                if Self.meansMissing(errno) { throw .conflict(path) }  // a file, or a symbolic link, is in the way
                throw StorageError(errno: errno, doing: "open a folder of \(path)")
            }
            chain.append(try Descriptor(number, doing: "open"))
        }
        return (chain, newest)
    }

    /// Missing, or something in the way that is not followed: a symbolic link (ELOOP) or a file where a folder should be (ENOTDIR).
    private static func meansMissing(_ code: Int32) -> Bool { code == ENOENT || code == ENOTDIR || code == ELOOP }

    private static func sameContent(_ one: Descriptor, _ other: Descriptor) throws(StorageError) -> Bool {
        let (status, otherStatus) = (try one.status(), try other.status())
        guard status.st_size == otherStatus.st_size else { return false }
        if status.st_ino == otherStatus.st_ino && status.st_dev == otherStatus.st_dev { return true }
        var offset: Int64 = 0
        while offset < Int64(status.st_size) {
            let piece = try one.read(at: offset, count: 1 << 18)
            let otherPiece = try other.read(at: offset, count: 1 << 18)
            guard !piece.isEmpty, piece == otherPiece else { return false }
            offset += Int64(piece.count)
        }
        return true
    }

    /// `mkdir -p`, each new folder synchronized into the one above it.
    static func makeFolders(_ path: String, mode: mode_t = 0o755) throws(StorageError) {
        var code = mkdir(path, mode) == 0 ? 0 : errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolders(String(path[..<slash]), mode: 0o755)
            // Once: some file systems have no folders to be made in, and say the same for ever.
            code = mkdir(path, mode) == 0 ? 0 : errno
        }
        switch code {
        case 0: try Descriptor(Glibc.open("\(path)/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC), doing: "open \(path)").synchronize()
        case EEXIST: break
        default: throw StorageError(errno: code, doing: "make folder \(path)")
        }
    }
}
