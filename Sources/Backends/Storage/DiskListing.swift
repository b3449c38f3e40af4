// Lists the files of a disk storage in the byte order of their whole paths.
import Glibc

struct DiskListing {
    let prefix: [UInt8]
    let after: [UInt8]?
    let limit: Int
    private(set) var paths: [StoragePath] = []

    init(prefix: [UInt8], after: [UInt8]?, limit: Int) {
        self.prefix = prefix
        self.after = after
        self.limit = limit
    }

    /// - Parameter place: the path of `folder`, ending with a slash unless it is the root.
    mutating func walk(_ folder: Descriptor, at place: [UInt8]) throws(StorageError) {
        for name in try Self.sortedEntries(folder) {
            guard paths.count < limit else { return }
            let full = place + name
            let isFolder = name.last == UInt8(ascii: "/")
            guard isFolder ? full.starts(with: prefix) || prefix.starts(with: full) : full.starts(with: prefix) else { continue }
            if let after, !after.lexicographicallyPrecedes(full) {
                // Before or at the mark; only the folder the mark lies in can hold more.
                guard isFolder, after.starts(with: full) else { continue }
            }
            if isFolder {
                let number = openat(folder.number, String(decoding: name.dropLast(), as: UTF8.self), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                if number < 0 && errno == ENOENT { continue }  // deleted meanwhile
                try walk(Descriptor(number, doing: "open a folder"), at: full)
            } else if let path = try? StoragePath(String(decoding: full, as: UTF8.self)) {
                paths.append(path)
            }
        }
    }

    /// Files by name, folders by name and slash: so the sorted names give the order of whole paths. Names with a dot in front belong to the storage.
    private static func sortedEntries(_ folder: Descriptor) throws(StorageError) -> [[UInt8]] {
        let copy = openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw StorageError(errno: errno, doing: "list a folder") }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard name.first != UInt8(ascii: ".") else { continue }
            var type = Int32(entry.pointee.d_type)
            if type == Int32(DT_UNKNOWN) {
                var status = stat()
                guard fstatat(copy, String(decoding: name, as: UTF8.self), &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                type = Int32(status.st_mode >> 12)
            }
            if type == Int32(DT_DIR) { names.append(name + [UInt8(ascii: "/")]) }
            if type == Int32(DT_REG) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
