// Keeps the members of a tar, links followed, inside of its one top-level directory.

/// The reference does not check these; an extractor without PEP 706's filters would write wherever links lead.
///
/// A path may come twice as a folder, or as a file with the same content both times, as some tools write it. Anything else is refused: of two
/// contents readers take the first or the last, and written through a hard link that came between, the last changes another file in one
/// program and not in the next.
struct TarTree {
    private struct Member {
        /// `ArchivePath.key`
        let key: [UInt8]
        let kind: TarEntry.Kind
        /// A hash of its content under a key of this process's own, so that nobody can prepare two contents that have the same.
        var content = 0

        var name: String { TarTree.name(key) }
    }

    private struct Link {
        /// Folded.
        let key: String
        /// `ArchivePath.key`
        let path: [UInt8]
        let isSymbolic: Bool
    }

    private var members: [Member] = []
    /// Of the last member, a file.
    private var content: Hasher?
    private var links: [Link] = []
    private var hardLinkTargets: [[UInt8]] = []
    /// The files in the top-level directory that tools look for by name, as they are spelled, by their folded names.
    private var known: [String: String] = [:]

    private static let knownNames: Set<String> = ["pkg-info", "pyproject.toml", "setup.py", "setup.cfg"]

    /// - Parameter path: the entry's path, of at least one part.
    mutating func add(_ entry: TarEntry, at path: ArchivePath) throws(InvalidArchive) {
        endContent()
        let key = path.key
        switch entry.kind {
        case .other: throw InvalidArchive(.unsupported, "tar has a device, a pipe or a member of an unknown type: \(entry.path)")
        case .symbolicLink:
            try Self.checkSymbolicLink(entry, depth: path.parts.count)
            links.append(Link(key: ArchivePath.folded(key), path: key, isSymbolic: true))
        case .hardLink:
            let target = try? ArchivePath(entry.linkTarget)
            guard let target, target.parts.count > 1, path.parts.first.map({ target.parts[0].elementsEqual($0) }) == true else {
                throw Self.escape(entry)
            }
            hardLinkTargets.append(target.key)
            links.append(Link(key: ArchivePath.folded(key), path: key, isSymbolic: false))
        case .file: content = Hasher()
        case .directory: break
        }
        members.append(Member(key: key, kind: entry.kind))
        try checkKnownName(path)
    }

    /// More content of the last member.
    mutating func take(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { content?.combine(bytes: $0) } }

    private mutating func endContent() {
        if let content { members[members.count - 1].content = content.finalize() }
        content = nil
    }

    /// Which of two spellings a tool would find is up to the file system. (Elsewhere a tree that differs in case alone does no harm, and
    /// test data has such.)
    private mutating func checkKnownName(_ path: ArchivePath) throws(InvalidArchive) {
        guard path.parts.count == 2, path.parts[1].count < 64 else { return }
        let spelled = String(Substring(path.parts[1]))
        let folded = spelled.uppercased().lowercased()
        guard Self.knownNames.contains(folded) else { return }
        if let other = known.updateValue(spelled, forKey: folded), !other.utf8.elementsEqual(spelled.utf8) {
            throw InvalidArchive(.malformed, "tar has two members that are one file on some systems: \(other) and \(spelled)")
        }
    }

    /// No path is two things. No member lies below a symbolic link, nor does a hard link lead to or through one: else `..` in a link could
    /// mean another place than where the link stands. And no member is written over a link where letter case does not count.
    mutating func finish() throws(InvalidArchive) {
        endContent()
        // A folder comes directly before what lies in it, so that neighbours tell everything.
        members.sort { $0.key.lexicographicallyPrecedes($1.key) }
        for (member, next) in zip(members, members.dropFirst()) where next.key.starts(with: member.key) {
            if next.key.count == member.key.count {
                try Self.checkRepeat(member, next)
            } else if member.kind == .file || member.kind == .hardLink {
                throw InvalidArchive(.malformed, "tar has a file where other members need a folder: \(member.name)")
            }
        }
        guard !links.isEmpty else { return }
        links.sort { $0.key < $1.key }
        for (link, next) in zip(links, links.dropFirst()) where next.key.hasPrefix(link.key) { throw Self.clash(link, next.path, next.key) }
        for member in members {
            let key = ArchivePath.folded(member.key)
            if let link = link(atOrAbove: key), link.path != member.key { throw Self.clash(link, member.key, key) }
        }
        for target in hardLinkTargets where link(atOrAbove: ArchivePath.folded(target))?.isSymbolic == true {
            throw InvalidArchive(.malformed, "tar has a hard link to a symbolic link: \(Self.name(target))")
        }
    }

    private static func checkRepeat(_ member: Member, _ again: Member) throws(InvalidArchive) {
        guard member.kind == again.kind else { throw InvalidArchive(.malformed, "tar has \(member.name) as two kinds of member") }
        guard member.kind == .directory || member.kind == .file && member.content == again.content else {
            throw InvalidArchive(.malformed, "tar has \(member.name) more than once, and not as the same file")
        }
    }

    /// Why no member may be at `path`, or `key` when it is folded, beside a link.
    private static func clash(_ link: Link, _ path: [UInt8], _ key: String) -> InvalidArchive {
        if link.key == key {
            return InvalidArchive(.malformed, "tar has a link and a member that are one file on some systems: \(name(link.path)) and \(name(path))")
        }
        guard link.isSymbolic else { return InvalidArchive(.malformed, "tar has a file where other members need a folder: \(name(link.path))") }
        return InvalidArchive(.malformed, "tar has a member below a symbolic link: \(name(path))")
    }

    /// Looks only at the last link that does not sort behind `key`: a link above both would have the other below it.
    private func link(atOrAbove key: String) -> Link? {
        var low = 0
        var high = links.count
        while low < high {
            let middle = (low + high) / 2
            if key < links[middle].key { high = middle } else { low = middle + 1 }
        }
        return low > 0 && key.hasPrefix(links[low - 1].key) ? links[low - 1] : nil
    }

    private static func name(_ key: [UInt8]) -> String {
        String(decoding: key.dropLast().map { $0 == 0 ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
    }

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
