// Keeps the members of a tar, links followed, inside of its one top-level directory.

/// The reference does not check these; an extractor without PEP 706's filters would write wherever links lead.
///
/// A path may come twice, as tar allows (the last one counts), unless as two kinds: then readers differ on what it is.
struct TarTree {
    private var kinds: [String: TarEntry.Kind] = [:]
    /// Folded, each with a slash behind it.
    private var symbolicLinks: [[UInt8]] = []
    private var hardLinkTargets: [ArchivePath] = []

    /// - Parameter path: the entry's path, of at least one part.
    mutating func add(_ entry: TarEntry, at path: ArchivePath) throws(InvalidArchive) {
        let name = path.text
        switch entry.kind {
        case .other: throw InvalidArchive(.unsupported, "tar has a device, a pipe or a member of an unknown type: \(entry.path)")
        case .symbolicLink:
            try Self.checkSymbolicLink(entry, depth: path.parts.count)
            symbolicLinks.append(Self.folder(path))
        case .hardLink:
            let target = try? ArchivePath(entry.linkTarget)
            guard let target, target.parts.count > 1, path.parts.first.map({ target.parts[0].elementsEqual($0) }) == true else {
                throw Self.escape(entry)
            }
            hardLinkTargets.append(target)
        case .file, .directory: break
        }
        // A hard link is a regular file to its readers.
        let kind = entry.kind == .hardLink ? .file : entry.kind
        if let before = kinds.updateValue(kind, forKey: name), before != kind {
            throw InvalidArchive(.malformed, "tar has \(name) as two kinds of member")
        }
    }

    /// No member lies below a symbolic link, nor does a hard link lead to or through one: else `..` in a link could mean another place
    /// than where the link stands.
    mutating func finish() throws(InvalidArchive) {
        var folders: Set<String> = []
        for name in kinds.keys { ArchivePath.insertFolders(above: name, into: &folders) }
        if let file = folders.first(where: { kinds[$0] == .file }) {
            throw InvalidArchive(.malformed, "tar has a file where other members need a folder: \(file)")
        }
        guard !symbolicLinks.isEmpty else { return }
        symbolicLinks.sort { $0.lexicographicallyPrecedes($1) }
        for name in kinds.keys where isBelowLink(Array(name.uppercased().lowercased().utf8)) {
            throw InvalidArchive(.malformed, "tar has a member below a symbolic link: \(name)")
        }
        for target in hardLinkTargets where isBelowLink(Self.folder(target)) {
            throw InvalidArchive(.malformed, "tar has a hard link to a symbolic link: \(target.text)")
        }
    }

    /// Looks only at the last link that sorts before `path`: were there a link above both, that link would itself be below one.
    private func isBelowLink(_ path: [UInt8]) -> Bool {
        var low = 0
        var high = symbolicLinks.count
        while low < high {
            let middle = (low + high) / 2
            if path.lexicographicallyPrecedes(symbolicLinks[middle]) { high = middle } else { low = middle + 1 }
        }
        return low > 0 && path.starts(with: symbolicLinks[low - 1])
    }

    private static func folder(_ path: ArchivePath) -> [UInt8] { Array("\(path.folded)/".utf8) }

    /// A target may climb at its beginning only, and no higher than the top-level directory.
    private static func checkSymbolicLink(_ entry: TarEntry, depth: Int) throws(InvalidArchive) {
        let target = entry.linkTarget.utf8
        let parts = target.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        let climbs = parts.prefix { $0.elementsEqual("..".utf8) }.count
        // A link at depth 2 lies in the top-level directory itself: no step up is left.
        guard target.first != UInt8(ascii: "/"), !target.contains(UInt8(ascii: "\\")), climbs <= depth - 2,
            !parts.dropFirst(climbs).contains(where: { $0.elementsEqual("..".utf8) })
        else { throw escape(entry) }
    }

    private static func escape(_ entry: TarEntry) -> InvalidArchive {
        InvalidArchive(.malformed, "tar has a link that may lead out of its directory: \(entry.path) to \(entry.linkTarget)")
    }
}
