// What a zip's directory must look like before anything in it is read (index §2.10, §2.13, §13 items 25, 26, 49).

enum ZipRules {
    /// Refuses zips that expand enormously: bombs, and nothing else in practice.
    static func checkExpansion(_ zip: ZipReader, limits: ArchiveLimits) throws(InvalidArchive) {
        let allowed = limits.expansionLimit(ofCompressedBytes: zip.source.size)
        var total: Int64 = 0
        for entry in zip.entries {
            // Never more than a quarter of Int64.max each, and refused at once.
            total += entry.size
            guard total <= allowed else { throw InvalidArchive(.tooLarge, "expands to more than \(limits.expansionRatio) times its size") }
        }
    }

    /// Refuses members that common readers can not read: other compression methods and encryption.
    static func checkMethods(_ zip: ZipReader) throws(InvalidArchive) {
        for entry in zip.entries {
            // Bit 0 encryption, bit 6 strong encryption, bit 13 a masked directory.
            guard entry.flags & 0x2041 == 0 else { throw InvalidArchive(.unsupported, "zip member \(entry.name) is encrypted") }
            if case .other(let number) = entry.method {
                let reason = "zip member \(entry.name) uses compression method \(number); only stored and deflated are accepted"
                throw InvalidArchive(.unsupported, reason)
            }
        }
    }

    /// Refuses paths that lead outside, and two members that are one file to some file systems, or a file here and a folder there.
    static func checkPaths(_ zip: ZipReader) throws(InvalidArchive) {
        var members: [(key: String, place: Int)] = []
        members.reserveCapacity(zip.entries.count)
        for (place, entry) in zip.entries.enumerated() { members.append((ArchivePath.folded(try ArchivePath(entry.name).key), place)) }
        members.sort { $0.key == $1.key ? $0.place < $1.place : $0.key < $1.key }
        for (member, next) in Swift.zip(members, members.dropFirst()) {
            let (one, other) = (zip.entries[member.place], zip.entries[next.place])
            if member.key == next.key {
                throw InvalidArchive(.malformed, "contains two members that are one file on some systems: \(one.name) and \(other.name)")
            }
            if !one.isDirectory, next.key.hasPrefix(member.key) {
                throw InvalidArchive(.malformed, "contains a file where other members need a folder: \(one.name)")
            }
        }
    }

    /// Refuses what is neither file nor folder: symbolic links, which some programs follow out of their folder, devices and pipes. And
    /// folders with content, which most programs never show.
    static func checkKinds(_ zip: ZipReader) throws(InvalidArchive) {
        for entry in zip.entries {
            switch entry.mode & 0o170000 {
            case 0o120000: throw InvalidArchive(.unsupported, "zip member \(entry.name) is a symbolic link")
            case 0o010000, 0o020000, 0o060000, 0o140000:
                throw InvalidArchive(.unsupported, "zip member \(entry.name) is a device or a pipe")
            default: break
            }
            guard !entry.isDirectory || entry.size == 0 else {
                throw InvalidArchive(.malformed, "zip member \(entry.name) is a folder with content")
            }
        }
    }

    /// The part-wise common path of all members: where a `.zip` source distribution has its `PKG-INFO`. It may be several levels deep,
    /// and of a single member it is that member itself.
    /// - Returns: nil when the members share nothing.
    static func commonDirectory(of names: some Sequence<String>) -> String? {
        var common: [Substring.UTF8View.SubSequence]?
        for name in names {
            let parts = Substring(name).utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
            guard let before = common else {
                common = parts
                continue
            }
            let shared = zip(before, parts).prefix { $0.elementsEqual($1) }.count
            common = Array(before.prefix(shared))
        }
        guard let common, !common.isEmpty else { return nil }
        return common.map { String(Substring($0)) }.joined(separator: "/")
    }
}
