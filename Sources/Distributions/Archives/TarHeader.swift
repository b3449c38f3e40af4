// One 512-byte tar header block, and the records of an extended one.

/// The fields of a header block that matter here (IEEE 1003.1, "ustar Interchange Format").
struct TarHeader {
    let path: [UInt8]
    let size: Int64
    let type: UInt8
    /// What a link points to.
    let linkTarget: [UInt8]

    /// - Throws: `InvalidArchive` when the checksum or a number is wrong.
    init(_ block: [UInt8]) throws(InvalidArchive) {
        // The checksum counts its own field as eight spaces.
        var sum: Int64 = 8 * 32
        for (index, byte) in block.enumerated() where !(148..<156).contains(index) { sum += Int64(byte) }
        guard try Self.number(block[148..<156]) == sum else { throw InvalidArchive(.malformed, "is not a tar archive, or a damaged one") }
        size = try Self.number(block[124..<136])
        type = block[156]
        linkTarget = Array(block[157..<257].prefix { $0 != 0 })
        let name = block[0..<100].prefix { $0 != 0 }
        let isPOSIX = block[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0])
        let prefix = block[345..<500].prefix { $0 != 0 }
        // Some readers take what is there for the path's beginning in any header, others only in one of POSIX.
        guard isPOSIX || prefix.isEmpty else { throw InvalidArchive(.malformed, "tar has a member with a path that can be read in two ways") }
        path = prefix.isEmpty ? Array(name) : prefix + [UInt8(ascii: "/")] + name
    }

    var kind: TarEntry.Kind {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "1"): .hardLink
        default: .other
        }
    }

    /// Links, devices, directories and pipes have none, whatever their size field says.
    var hasContent: Bool { !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) }

    /// Octal digits with spaces or NULs around them, or GNU's binary form for large numbers.
    private static func number(_ field: ArraySlice<UInt8>) throws(InvalidArchive) -> Int64 {
        let damaged = InvalidArchive(.malformed, "tar has a header with a damaged number")
        guard let first = field.first else { throw damaged }
        if first == 0x80 {
            var value: Int64 = 0
            for byte in field.dropFirst() {
                guard value < 1 << 50 else { throw damaged }
                value = value << 8 | Int64(byte)
            }
            return value
        }
        var digits = field.drop { $0 == 0x20 }
        if let end = digits.firstIndex(where: { $0 == 0x20 || $0 == 0 }) {
            guard digits[end...].allSatisfy({ $0 == 0x20 || $0 == 0 }) else { throw damaged }
            digits = digits[..<end]
        }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x37).contains(digit) else { throw damaged }
            value = value * 8 + Int64(digit - 0x30)
        }
        return value
    }
}

/// The records of a pax extended header that change how a member is read.
struct PaxHeader {
    private(set) var path: [UInt8]?
    private(set) var linkTarget: [UInt8]?
    private(set) var size: Int64?
    private(set) var isSparse = false

    /// Whether it gives any member another name, target or size.
    var changesMembers: Bool { path != nil || linkTarget != nil || size != nil }

    /// Each record is `<length> <keyword>=<value>\n`, the length counting itself.
    /// - Throws: `InvalidArchive`, also when a keyword that matters comes twice: some readers believe the first, others the last.
    mutating func read(_ bytes: [UInt8]) throws(InvalidArchive) {
        let damaged = InvalidArchive(.malformed, "tar has a damaged extended header")
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: 0x20), let length = Self.decimal(rest[..<space]),
                length <= Int64(rest.count), Int(length) > space - rest.startIndex + 1
            else { throw damaged }
            let end = rest.startIndex + Int(length)
            guard rest[end - 1] == 0x0A, let equals = rest[(space + 1)..<end].firstIndex(of: 0x3D) else { throw damaged }
            let keyword = rest[(space + 1)..<equals]
            let value = rest[(equals + 1)..<(end - 1)]
            let twice = InvalidArchive(.malformed, "tar has an extended header that tells \(String(decoding: keyword, as: UTF8.self)) twice")
            if keyword.elementsEqual("path".utf8) {
                guard path == nil else { throw twice }
                path = Array(value)
            } else if keyword.elementsEqual("linkpath".utf8) {
                guard linkTarget == nil else { throw twice }
                linkTarget = Array(value)
            } else if keyword.elementsEqual("size".utf8) {
                guard size == nil else { throw twice }
                guard let number = Self.decimal(value) else { throw damaged }
                size = number
            } else if keyword.starts(with: "GNU.sparse.".utf8) {
                isSparse = true
            }
            rest = rest[end...]
        }
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 15 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }
}
