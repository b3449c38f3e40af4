// Shows one member of an archive, without unpacking the others where the format permits.

/// What one member has inside, as far as it is shown.
public struct MemberContent: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        case text(MemberText)
        /// No text: the first bytes, at most `MemberReader.binaryBytes`.
        case binary(start: [UInt8])
        /// A link inside of a tar, and what it points to (`VisibleText.path`).
        case link(target: String)
    }

    /// `VisibleText.path` of its path.
    public let path: String
    /// Bytes of the whole member.
    public let size: Int64
    /// Whether it has more bytes than were looked at.
    public let isCut: Bool
    public let form: Form
}

/// Reads single members of a wheel or source distribution. Memory is bounded by what is shown; reading blocks the calling thread.
///
/// A member of a zip costs what is shown of it. One of a `.tar.gz` costs the unpacking of all that comes before it, which
/// `ArchiveLimits.expandedBytes` bounds: pages should limit how many of these run at a time.
public struct MemberReader: Sendable {
    /// How much of a member is shown unless asked otherwise, in bytes.
    public static let defaultLimit = 512 * 1024
    /// How much is shown of a member that is no text.
    public static let binaryBytes = 256

    private enum Archive: Sendable {
        case zip(ZipReader)
        case tar(ArchiveSource)
    }

    private let archive: Archive
    private let limits: ArchiveLimits

    /// Opens a `.tar.gz`, or else a zip.
    /// - Throws: `InvalidArchive` when it is neither; a damaged tar is noticed later.
    public init(_ source: ArchiveSource, limits: ArchiveLimits = ArchiveLimits()) throws(InvalidArchive) {
        let limits = limits.allowingForeignNames
        let isGzip = source.size >= 2 ? try source.read(at: 0, count: 2) == [0x1F, 0x8B] : false
        archive = isGzip ? .tar(source) : .zip(try ZipReader(source, limits: limits))
        self.limits = limits
    }

    /// The content of the first member that has this path.
    /// - Parameters:
    ///   - path: as a summary shows it (`VisibleText.path`); it is compared and never used as the path of a file.
    ///   - limit: the most bytes looked at, at least one. The checksum of a member that has more is not known to be right.
    /// - Returns: nil when there is no such file.
    /// - Throws: `InvalidArchive` when the member is damaged, encrypted or compressed in an unknown way, or a tar expands beyond the limits.
    public func content(of path: String, limit: Int = MemberReader.defaultLimit) throws(InvalidArchive) -> MemberContent? {
        let limit = max(1, limit)
        switch archive {
        case .zip(let zip):
            let wanted = zip.entries.first { !$0.isDirectory && VisibleText.path($0.name).utf8.elementsEqual(path.utf8) }
            guard let wanted else { return nil }
            return Self.content(path: path, size: wanted.size, bytes: try zip.prefix(of: wanted, count: limit))
        case .tar(let source):
            return try tarContent(of: path, in: source, limit: limit)
        }
    }

    /// Ends the unpacking once everything is there that will be shown.
    private struct Enough: Error {}

    private func tarContent(of path: String, in source: ArchiveSource, limit: Int) throws(InvalidArchive) -> MemberContent? {
        var tar = TarReader(limits: limits)
        var found: TarEntry?
        var bytes: [UInt8] = []
        do {
            try Gunzip.stream(source, limit: min(limits.expandedBytes, limits.expansionLimit(ofCompressedBytes: source.size))) { piece in
                try tar.consume(piece) { event in
                    switch event {
                    case .entry(let entry):
                        guard found == nil else { throw Enough() }
                        guard entry.kind != .directory, VisibleText.path(entry.path).utf8.elementsEqual(path.utf8) else { return }
                        found = entry
                        if entry.size == 0 { throw Enough() }
                    case .data(let piece):
                        guard found != nil else { return }
                        bytes.append(contentsOf: piece.prefix(limit - bytes.count))
                        if bytes.count == limit { throw Enough() }
                    }
                }
            }
            try tar.finish()
        } catch is Enough {
        } catch let error as InvalidArchive {
            throw error
        } catch {
            throw InvalidArchive(.unreadable, "cannot be read")
        }
        guard let found else { return nil }
        if found.kind == .symbolicLink || found.kind == .hardLink {
            return MemberContent(path: path, size: 0, isCut: false, form: .link(target: VisibleText.path(found.linkTarget)))
        }
        return Self.content(path: path, size: found.size, bytes: bytes)
    }

    private static func content(path: String, size: Int64, bytes: [UInt8]) -> MemberContent {
        let isCut = Int64(bytes.count) < size
        let isPython = [".py", ".pyi", ".pyw"].contains { path.lowercased().hasSuffix($0) }
        let form = MemberText(bytes, isPython: isPython, isCut: isCut).map(MemberContent.Form.text)
        return MemberContent(path: path, size: size, isCut: isCut, form: form ?? .binary(start: Array(bytes.prefix(binaryBytes))))
    }
}
