// A push parser for tar archives: POSIX ustar and pax (IEEE 1003.1), GNU long names.

/// One member of a tar.
struct TarEntry: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case file
        case directory
        case symbolicLink
        case hardLink
        /// Devices, pipes and types nobody knows.
        case other
    }

    let path: String
    let kind: Kind
    /// Bytes of content that follow.
    let size: Int64
    /// What a link points to; empty for other kinds.
    let linkTarget: String
}

enum TarEvent {
    case entry(TarEntry)
    /// More content of the last entry.
    case data(ArraySlice<UInt8>)
}

/// Fed with the uncompressed archive in pieces of any size; keeps at most one header block and one extended header.
struct TarReader {
    private enum State {
        case header
        case content(left: Int64)
        /// An extended header (pax or a GNU long name) is being collected.
        case extended(type: UInt8, left: Int64)
        case padding(left: Int64)
        case ended
    }

    private static let blockBytes = 512
    private let limits: ArchiveLimits
    private var state = State.header
    private var block: [UInt8] = []
    private var collected: [UInt8] = []
    private var paddingAfter: Int64 = 0
    private var entryCount = 0
    private var pathBytes = 0
    private var longName: [UInt8]?
    private var longLinkTarget: [UInt8]?
    private var pax = PaxHeader()
    private var globalPax = PaxHeader()
    /// The extended headers read for the next member.
    private var pending: Set<UInt8> = []
    private var hasSeenHeader = false

    init(limits: ArchiveLimits) { self.limits = limits }

    /// Takes the next piece and tells what it contains.
    /// - Throws: `InvalidArchive`, or whatever `body` throws.
    mutating func consume(_ piece: ArraySlice<UInt8>, _ body: (TarEvent) throws -> Void) throws {
        var rest = piece
        while !rest.isEmpty {
            switch state {
            case .ended:
                return
            case .padding(let left):
                let now = Int(min(left, Int64(rest.count)))
                rest = rest.dropFirst(now)
                state = left == Int64(now) ? .header : .padding(left: left - Int64(now))
            case .header:
                let wanted = Self.blockBytes - block.count
                block.append(contentsOf: rest.prefix(wanted))
                rest = rest.dropFirst(wanted)
                if block.count == Self.blockBytes {
                    try header(body)
                    block.removeAll(keepingCapacity: true)
                }
            case .content(let left):
                let now = rest.prefix(Int(min(left, Int64(rest.count))))
                try body(.data(now))
                rest = rest.dropFirst(now.count)
                state = left == Int64(now.count) ? afterContent() : .content(left: left - Int64(now.count))
            case .extended(let type, let left):
                let now = rest.prefix(Int(min(left, Int64(rest.count))))
                collected.append(contentsOf: now)
                rest = rest.dropFirst(now.count)
                if left == Int64(now.count) {
                    try extendedHeader(type)
                    state = afterContent()
                } else {
                    state = .extended(type: type, left: left - Int64(now.count))
                }
            }
        }
    }

    /// To be called at the end of the input.
    /// - Throws: `InvalidArchive` when it ends inside a member, or was no tar at all.
    func finish() throws(InvalidArchive) {
        guard pending.isEmpty else { throw InvalidArchive(.malformed, "tar has an extended header without a member") }
        switch state {
        case .ended: return
        // Some writers leave out the two empty blocks; the members are whole all the same.
        case .header where block.isEmpty && hasSeenHeader: return
        default: throw InvalidArchive(.malformed, "tar archive ends too early")
        }
    }

    private func afterContent() -> State { paddingAfter > 0 ? .padding(left: paddingAfter) : .header }

    private mutating func header(_ body: (TarEvent) throws -> Void) throws {
        if !block.contains(where: { $0 != 0 }) {
            // Readers stop at the first empty block, so that nothing can hide behind it.
            guard hasSeenHeader else { throw InvalidArchive(.malformed, "is not a tar archive") }
            state = .ended
            return
        }
        let header = try TarHeader(block)
        hasSeenHeader = true
        entryCount += 1
        guard entryCount <= limits.entries else { throw InvalidArchive(.tooLarge, "tar has more than \(limits.entries) members") }

        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard header.size <= Int64(min(limits.directoryBytes, 1 << 20)) else {
                throw InvalidArchive(.tooLarge, "tar has an extended header that is too long")
            }
            // Readers merge them, or choose, or give up.
            guard header.type == UInt8(ascii: "g") || pending.insert(header.type).inserted else {
                throw InvalidArchive(.malformed, "tar has two extended headers for one member")
            }
            collected.removeAll(keepingCapacity: true)
            expect(header.size, .extended(type: header.type, left: header.size))
            if header.size == 0 { try extendedHeader(header.type) }
        case UInt8(ascii: "S"):
            throw InvalidArchive(.unsupported, "tar has a sparse member")
        default:
            try body(.entry(try entry(header)))
        }
    }

    /// The member as its own header and the extended ones before it describe it; they apply to this member only.
    private mutating func entry(_ header: TarHeader) throws(InvalidArchive) -> TarEntry {
        defer {
            longName = nil
            longLinkTarget = nil
            pax = PaxHeader()
            pending = []
        }
        guard !pax.isSparse, !globalPax.isSparse else { throw InvalidArchive(.unsupported, "tar has a sparse member") }
        if let name = pax.path, let longName, name != longName {
            throw InvalidArchive(.malformed, "tar has a member with two names: \(String(decoding: name, as: UTF8.self))")
        }
        let bytes = pax.path ?? longName ?? header.path
        guard bytes.count <= limits.nameBytes else { throw InvalidArchive(.tooLarge, "tar has a member name of more than \(limits.nameBytes) bytes") }
        guard let (path, _) = ForeignName.decode(bytes[...], limits: limits), !path.isEmpty, !bytes.contains(0) else {
            throw InvalidArchive(.malformed, "tar has a member name that is not UTF-8")
        }
        var kind = header.kind
        if kind == .file && bytes.last == UInt8(ascii: "/") { kind = .directory }
        var linkTarget = ""
        if kind == .symbolicLink || kind == .hardLink {
            if let target = pax.linkTarget, let longLinkTarget, target != longLinkTarget {
                throw InvalidArchive(.malformed, "tar has a link with two targets: \(path)")
            }
            let bytes = pax.linkTarget ?? longLinkTarget ?? header.linkTarget
            guard let (text, _) = ForeignName.decode(bytes[...], limits: limits), bytes.count <= limits.nameBytes, !bytes.contains(0) else {
                throw InvalidArchive(.malformed, "tar has a link whose target is not UTF-8 or too long")
            }
            linkTarget = text
        }
        pathBytes += path.utf8.count + linkTarget.utf8.count
        guard pathBytes <= limits.pathBytes else {
            throw InvalidArchive(.tooLarge, "tar has member names of more than \(limits.pathBytes) bytes together")
        }
        // A reader that knows no extended headers would find the next member elsewhere. Only sizes beyond 8 GiB need them.
        guard pax.size == nil || pax.size == header.size else { throw InvalidArchive(.malformed, "tar member \(path) has two sizes") }
        // Nor do readers agree on whether content follows what has none.
        guard header.size == 0 || kind == .file || kind == .other else {
            throw InvalidArchive(.malformed, "tar member \(path) is no file but has a size")
        }
        // Only regular files (and types nobody knows, which readers treat alike) are followed by content.
        let size = header.hasContent ? header.size : 0
        expect(size, .content(left: size))
        return TarEntry(path: path, kind: kind, size: size, linkTarget: linkTarget)
    }

    private mutating func expect(_ size: Int64, _ next: State) {
        paddingAfter = (512 - size % 512) % 512
        state = size > 0 ? next : .header
    }

    private mutating func extendedHeader(_ type: UInt8) throws(InvalidArchive) {
        switch type {
        case UInt8(ascii: "x"): try pax.read(collected)
        case UInt8(ascii: "g"):
            try globalPax.read(collected)
            guard !globalPax.changesMembers else {
                throw InvalidArchive(.malformed, "tar has a global header that tells a path or a size")
            }
        case UInt8(ascii: "L"): longName = Array(collected.prefix { $0 != 0 })
        default: longLinkTarget = Array(collected.prefix { $0 != 0 })
        }
    }
}
