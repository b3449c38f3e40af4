// Writes small zips for tests, right or wrong on purpose.
@testable import Distributions

struct ZipBuilder {
    struct Member {
        var name: String
        var content: [UInt8]
        var isDeflated = false
        var isZIP64 = false
        var localName: String?
        var declaredSize: Int?
        var checksum: UInt32?
        var flags: UInt16 = 0x800
        var method: UInt16?
        /// What only the local header says, or only the directory.
        var localNameBytes: [UInt8]?
        var localFlags: UInt16?
        var localSizes: (compressed: Int, uncompressed: Int)?
        var localExtra: [UInt8] = []
        var centralExtra: [UInt8] = []
        var centralSizes: (compressed: Int, uncompressed: Int)?
        var centralOffset: Int?
        var comment: [UInt8] = []
        /// The Unix mode, in the directory.
        var mode = 0
        var isHidden = false
        var isPhantom = false
        var dataAfter: [UInt8] = []
    }

    var members: [Member] = []
    var comment: [UInt8] = []
    var prefix: [UInt8] = []
    var hasZIP64End = false
    var claimedEntries: Int?
    var claimedHere: Int?
    var zip64EndBytes = 44
    var zip64Extra: [UInt8] = []
    var hasLocator = true
    var suffix: [UInt8] = []

    func bytes() -> [UInt8] {
        func little(_ value: some BinaryInteger, _ count: Int) -> [UInt8] { Self.little(value, count) }
        var out = prefix
        var directory: [UInt8] = []
        for member in members {
            let offset = out.count
            let data = member.isDeflated ? Self.deflate(member.content) : member.content
            let size = member.declaredSize ?? member.content.count
            let crc = member.checksum ?? Self.crc32(member.content)
            let method = member.method ?? (member.isDeflated ? 8 : 0)
            let localName = member.localNameBytes ?? Array((member.localName ?? member.name).utf8)
            let localCommon = little(member.localFlags ?? member.flags, 2) + little(method, 2) + little(0, 4) + little(crc, 4)
            let common = little(member.flags, 2) + little(method, 2) + little(0, 4) + little(crc, 4)
            if !member.isPhantom {
                let local = member.localSizes ?? (data.count, size)
                out += little(0x0403_4b50, 4) + little(20, 2) + localCommon + little(local.compressed, 4) + little(local.uncompressed, 4)
                out += little(localName.count, 2) + little(member.localExtra.count, 2) + localName + member.localExtra + data + member.dataAfter
            }
            if member.isHidden { continue }
            let zip64 = little(1, 2) + little(24, 2) + little(size, 8) + little(data.count, 8) + little(offset, 8)
            let extra = member.isZIP64 ? zip64 : member.centralExtra
            directory += little(0x0201_4b50, 4) + little(20, 2) + little(20, 2) + common
            directory +=
                member.isZIP64
                ? little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4)
                : little(member.centralSizes?.compressed ?? data.count, 4) + little(member.centralSizes?.uncompressed ?? size, 4)
            directory += little(member.name.utf8.count, 2) + little(extra.count, 2) + little(member.comment.count, 2)
            directory += little(0, 2) + little(0, 2) + little(member.mode << 16, 4)
            directory += little(member.isZIP64 ? 0xFFFF_FFFF : member.centralOffset ?? offset, 4)
            directory += Array(member.name.utf8) + extra + member.comment
        }
        let start = out.count
        let count = claimedEntries ?? members.count { !$0.isHidden }
        let here = claimedHere ?? count
        out += directory
        if hasZIP64End {
            let end = out.count
            out += little(0x0606_4b50, 4) + little(zip64EndBytes, 8) + little(45, 2) + little(45, 2) + little(0, 4) + little(0, 4)
            out += little(here, 8) + little(count, 8) + little(directory.count, 8) + little(start, 8)
            out += zip64Extra
            if hasLocator { out += little(0x0706_4b50, 4) + little(0, 4) + little(end, 8) + little(1, 4) }
        }
        out += little(0x0605_4b50, 4) + little(0, 2) + little(0, 2)
        out += hasZIP64End ? little(0xFFFF, 2) + little(0xFFFF, 2) : little(here, 2) + little(count, 2)
        out += hasZIP64End ? little(0xFFFF_FFFF, 4) + little(0xFFFF_FFFF, 4) : little(directory.count, 4) + little(start, 4)
        return out + little(comment.count, 2) + comment + suffix
    }

    /// The deflated middle of a gzip member.
    static func deflate(_ bytes: [UInt8]) -> [UInt8] { Array(Compression.gzip(bytes).dropFirst(10).dropLast(8)) }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        Compression.gzip(bytes).suffix(8).prefix(4).enumerated().reduce(0) { $0 | UInt32($1.element) << UInt32(8 * $1.offset) }
    }

    static func little(_ value: some BinaryInteger, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: Int(value) >> (8 * $0)) }
    }
}
