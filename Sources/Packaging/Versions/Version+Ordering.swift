// The order of PEP 440, written once, as a binary key.

extension Version: Hashable, Comparable {
    public static func == (left: Version, right: Version) -> Bool {
        left.sortKey == right.sortKey
    }

    public static func < (left: Version, right: Version) -> Bool {
        left.sortKey.lexicographicallyPrecedes(right.sortKey)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(sortKey)
    }

    /// Whether both versions differ at most in their local version labels.
    func isSamePublicVersion(as other: Version) -> Bool {
        sortKey[..<publicKeyLength].elementsEqual(other.sortKey[..<other.publicKeyLength])
    }
}

/// Builds `Version.sortKey`.
///
/// Layout, every part self-delimiting so that byte order is the order of the parts:
///
///     epoch · release number* · 00 · pre · post · dev · local segment*
///
/// - number: `01+n` for n < 224; `E0+k` and k big-endian bytes up to `UInt64.max`; above, `E9`, two bytes of digit count, the digits
/// - release: without trailing zeros, so that `1.0` = `1`; 00 sorts below every number
/// - pre: `01` development release only, `02 n` alpha, `03 n` beta, `04 n` candidate, `05` none
/// - post: `01` none, `02 n`;  dev: `01 n`, `02` none
/// - local segment: `01 text 00`, `02 n`: text sorts below numbers, and a version without label is a prefix of those with one
struct SortKey {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(16)
    }

    mutating func append(epoch: Version.Number, release: [Version.Number]) {
        append(epoch)
        var end = release.count
        while end > 0, release[end - 1] == 0 { end -= 1 }
        for index in 0..<end { append(release[index]) }
        bytes.append(0)
    }

    mutating func append(pre: Version.PreRelease?, post: Version.Number?, dev: Version.Number?) {
        if let pre {
            switch pre.phase {
            case .alpha: bytes.append(2)
            case .beta: bytes.append(3)
            case .candidate: bytes.append(4)
            }
            append(pre.number)
        } else {
            bytes.append(post == nil && dev != nil ? 1 : 5)
        }
        if let post {
            bytes.append(2)
            append(post)
        } else {
            bytes.append(1)
        }
        if let dev {
            bytes.append(1)
            append(dev)
        } else {
            bytes.append(2)
        }
    }

    mutating func append(local segments: [Version.LocalSegment]) {
        for segment in segments {
            switch segment {
            case .text(let text):
                bytes.append(1)
                bytes.append(contentsOf: text.utf8)
                bytes.append(0)
            case .number(let number):
                bytes.append(2)
                append(number)
            }
        }
    }

    private mutating func append(_ number: Version.Number) {
        switch number.storage {
        case .word(let value) where value < 0xE0:
            bytes.append(UInt8(value) + 1)
        case .word(let value):
            let length = (UInt64.bitWidth - value.leadingZeroBitCount + 7) / 8
            bytes.append(0xE0 + UInt8(length))
            for shift in (0..<length).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift * 8))) }
        case .digits(let digits):
            // The parser refuses numbers of more than 4300 digits.
            bytes.append(0xE9)
            bytes.append(UInt8(truncatingIfNeeded: digits.count >> 8))
            bytes.append(UInt8(truncatingIfNeeded: digits.count))
            bytes.append(contentsOf: digits)
        }
    }
}
