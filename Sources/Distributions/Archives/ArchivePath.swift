// What the path of a member may be, whatever the archive's format.

/// The path of an archive member, taken apart.
struct ArchivePath {
    /// The most parts of a path. Every one may be a folder, to us and to whoever unpacks it; people do with ten.
    static let deepest = 64

    /// The path without `.` and empty parts.
    let parts: [Substring.UTF8View.SubSequence]

    /// - Throws: `InvalidArchive` when an extractor could write outside of its folder: absolute paths, `..`, backslashes, drive letters. And
    ///   when it has more than `deepest` parts.
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
        guard parts.count <= Self.deepest else {
            throw InvalidArchive(.tooLarge, "contains a path of more than \(Self.deepest) parts: \(Substring(path.unicodeScalars.prefix(60)))...")
        }
        self.parts = parts
    }

    /// The parts joined again.
    var text: String { parts.map { String(Substring($0)) }.joined(separator: "/") }

    /// The path byte for byte, each part with a NUL behind it, which no path has: sorted, a folder comes directly before all that lies in it,
    /// and is a prefix of it.
    var key: [UInt8] {
        var key: [UInt8] = []
        for part in parts {
            key += part
            key.append(0)
        }
        return key
    }

    /// The same key for all paths that a file system without letter case, or with its own Unicode form, takes for one file.
    ///
    /// `String` compares by canonical equivalence (so NFC needs no step of its own); upper case first folds letters such as ß.
    static func folded(_ key: [UInt8]) -> String { String(decoding: key, as: UTF8.self).uppercased().lowercased() }

    /// Whether installers, once it is unpacked, could take a folder of this name for the metadata of a project. Windows drops stops and spaces
    /// at the end of a name.
    static func isDistInfo(_ part: Substring.UTF8View.SubSequence) -> Bool {
        var name = part
        while name.last == UInt8(ascii: ".") || name.last == UInt8(ascii: " ") { name.removeLast() }
        return Substring(name).uppercased().lowercased().hasSuffix(".dist-info")
    }
}
