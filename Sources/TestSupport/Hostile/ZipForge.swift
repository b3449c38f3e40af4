// Writes zips with every field open to forgery.

import CZlib
import Distributions

/// A zip archive (PKWARE APPNOTE 6.3) that is right until some part of it is changed.
struct ZipForge {
    /// What a local header and a directory record both tell of a member. Forged apart, they contradict each other.
    struct Description {
        var flags: UInt16 = 0x0800
        var method: UInt16
        var checksum: UInt32
        var compressed: UInt32
        var uncompressed: UInt32
        var name: [UInt8]
        var extra: [UInt8] = []
    }

    struct Member {
        /// Absent from the file when nil: the directory then lists what is not there.
        var local: Description?
        /// Absent from the directory when nil: the member then is hidden.
        var central: Description?
        var data: [UInt8]
        /// Bytes between this member and the next record.
        var behind: [UInt8] = []
        var comment: [UInt8] = []
        var host: UInt8 = 3
        var mode: UInt32 = 0o100644
        /// Where the directory says it is, when that is a lie.
        var offset: UInt32?

        init(_ path: String, _ content: [UInt8], isDeflated: Bool = true) {
            data = isDeflated ? ZipForge.deflate(content) : content
            let description = Description(
                method: isDeflated ? 8 : 0,
                checksum: ZipForge.checksum(content),
                compressed: UInt32(data.count),
                uncompressed: UInt32(content.count),
                name: Array(path.utf8)
            )
            local = description
            central = description
        }

        /// Changes both descriptions alike.
        mutating func describe(_ change: (inout Description) -> Void) {
            if var description = local {
                change(&description)
                local = description
            }
            if var description = central {
                change(&description)
                central = description
            }
        }
    }

    /// The numbers of the end records. In place of a short field that is to say "see ZIP64", give its largest value.
    struct End {
        var recordsHere: UInt64
        var records: UInt64
        var size: UInt64
        var offset: UInt64
    }

    var members: [Member] = []
    /// Bytes before the first member.
    var prefix: [UInt8] = []
    /// Whether the offsets count the prefix, as a reader that starts at the first byte expects.
    var countsPrefix = true
    var beforeDirectory: [UInt8] = []
    var behindDirectory: [UInt8] = []
    var comment: [UInt8] = []
    var suffix: [UInt8] = []
    var hasZIP64End = false
    var hasLocator = true
    var locatorShift: UInt64 = 0
    var zip64Size: UInt64 = 44
    var zip64Extra: [UInt8] = []
    var forgeEnd: (inout End) -> Void = { _ in }
    var forgeZIP64End: (inout End) -> Void = { _ in }

    subscript(path: String) -> Member {
        get { members[position(of: path)] }
        set { members[position(of: path)] = newValue }
    }

    private func position(of path: String) -> Int {
        guard let position = members.firstIndex(where: { $0.central?.name == Array(path.utf8) }) else { preconditionFailure("no member \(path)") }
        return position
    }

    func bytes() -> [UInt8] {
        var out = prefix
        var directory: [UInt8] = []
        let shift = countsPrefix ? 0 : prefix.count
        for member in members {
            let offset = member.offset ?? UInt32(out.count - shift)
            if let local = member.local {
                out += Self.little(UInt32(0x0403_4B50)) + Self.little(UInt16(20)) + Self.shared(local) + local.name + local.extra
            }
            out += member.data + member.behind
            guard let central = member.central else { continue }
            directory += Self.little(UInt32(0x0201_4B50)) + [20, member.host] + Self.little(UInt16(20)) + Self.shared(central)
            directory += Self.little(UInt16(member.comment.count)) + [0, 0, 0, 0] + Self.little(member.mode << 16) + Self.little(offset)
            directory += central.name + central.extra + member.comment
        }
        out += beforeDirectory
        let count = UInt64(members.count { $0.central != nil })
        let end = End(recordsHere: count, records: count, size: UInt64(directory.count), offset: UInt64(out.count - shift))
        out += directory + behindDirectory
        if hasZIP64End { out += zip64End(end, at: UInt64(out.count - shift)) }
        var short = end
        if hasZIP64End { short = End(recordsHere: .max, records: .max, size: .max, offset: .max) }
        forgeEnd(&short)
        out += Self.little(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + Self.little(UInt16(truncatingIfNeeded: short.recordsHere))
        out += Self.little(UInt16(truncatingIfNeeded: short.records)) + Self.little(UInt32(truncatingIfNeeded: short.size))
        out += Self.little(UInt32(truncatingIfNeeded: short.offset)) + Self.little(UInt16(comment.count)) + comment
        return out + suffix
    }

    private func zip64End(_ end: End, at offset: UInt64) -> [UInt8] {
        var end = end
        forgeZIP64End(&end)
        var out = Self.little(UInt32(0x0606_4B50)) + Self.little(zip64Size) + Self.little(UInt16(45)) + Self.little(UInt16(45))
        out += Self.little(UInt32(0)) + Self.little(UInt32(0))
        for number in [end.recordsHere, end.records, end.size, end.offset] { out += Self.little(number) }
        out += zip64Extra
        guard hasLocator else { return out }
        return out + Self.little(UInt32(0x0706_4B50)) + Self.little(UInt32(0)) + Self.little(offset + locatorShift) + Self.little(UInt32(1))
    }

    private static func shared(_ description: Description) -> [UInt8] {
        var out = little(description.flags) + little(description.method) + little(UInt16(0)) + little(UInt16(0x5821))
        out += little(description.checksum) + little(description.compressed) + little(description.uncompressed)
        return out + little(UInt16(description.name.count)) + little(UInt16(description.extra.count))
    }

    /// An extra field (APPNOTE 4.5).
    static func extra(_ id: UInt16, _ content: [UInt8]) -> [UInt8] { little(id) + little(UInt16(content.count)) + content }

    /// The ZIP64 extra field (APPNOTE 4.5.3).
    static func zip64(_ numbers: UInt64...) -> [UInt8] { extra(1, numbers.flatMap { little($0) }) }

    /// The deflated middle of a gzip member.
    static func deflate(_ bytes: [UInt8]) -> [UInt8] { Array(Compression.gzip(bytes).dropFirst(10).dropLast(8)) }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
    }

    static func little(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}
