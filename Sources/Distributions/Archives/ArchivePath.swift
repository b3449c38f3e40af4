// What the path of a member may be, whatever the archive's format.

/// The path of an archive member, taken apart.
struct ArchivePath {
    /// The path without `.` and empty parts.
    let parts: [Substring.UTF8View.SubSequence]

    /// - Throws: `InvalidArchive` when an extractor could write outside of its folder: absolute paths, `..`, backslashes, drive letters.
    init(_ path: String) throws(InvalidArchive) {
        let bytes = path.utf8
        let parts = Substring(path).utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        guard bytes.first != UInt8(ascii: "/"), !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw InvalidArchive(.malformed, "contains a path outside of it: \(path)")
        }
        guard !bytes.contains(UInt8(ascii: "\\")) else { throw InvalidArchive(.malformed, "contains a path with a backslash: \(path)") }
        if let first = parts.first, first.count >= 2, let letter = first.first, first.dropFirst().first == UInt8(ascii: ":"),
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter | 0x20)
        {
            throw InvalidArchive(.malformed, "contains a path with a drive letter: \(path)")
        }
        self.parts = parts
    }

    /// The parts joined again.
    var text: String { parts.map { String(Substring($0)) }.joined(separator: "/") }

    /// The same for all paths that a file system without letter case, or with its own Unicode form, takes for one file.
    ///
    /// `String` compares by canonical equivalence (so NFC needs no step of its own); upper case first folds letters such as ß.
    var folded: String { text.uppercased().lowercased() }

    /// Adds every folder that `path` lies in. Stops at the first that is there: those above it are there, too.
    static func insertFolders(above path: String, into folders: inout Set<String>) {
        var rest = Substring(path)
        while let slash = rest.utf8.lastIndex(of: UInt8(ascii: "/")) {
            rest = rest[..<slash]
            guard folders.insert(String(rest)).inserted else { return }
        }
    }
}
