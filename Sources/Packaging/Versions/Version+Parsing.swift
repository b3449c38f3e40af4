// Reads versions: the grammar of PEP 440's appendix B, with every spelling it tolerates.

extension Version {
    /// Reads a version. White space around it, a `v` before it, any case and the alternative spellings of PEP 440 are accepted.
    ///
    /// Numbers may have up to 4300 digits, the limit CPython sets for reading integers.
    /// - Throws: `InvalidVersion`.
    public init(_ string: String) throws(InvalidVersion) {
        let bytes = Array(string.utf8)
        let range = PythonText.stripped(bytes, 0..<bytes.count)
        var scanner = VersionScanner(bytes, range)
        guard let version = scanner.scanVersion(), scanner.position == range.upperBound else { throw InvalidVersion(input: string) }
        self = version
    }
}

/// Reads the longest version that starts at `position`. Shared by versions, specifiers and requirements.
struct VersionScanner {
    let bytes: [UInt8]
    let end: Int
    var position: Int

    /// The longest number CPython reads.
    private static let maximumDigits = 4300

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The longest prefix that is a version; nil (and an undefined position) when there is none.
    mutating func scanVersion(allowsLocal: Bool = true) -> Version? {
        guard let (epoch, release) = scanEpochAndRelease() else { return nil }
        return scanSuffixes(epoch: epoch, release: release, allowsLocal: allowsLocal)
    }

    /// `v? (N!)? N(.N)*`
    mutating func scanEpochAndRelease() -> (epoch: Version.Number, release: [Version.Number])? {
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "v") { position += 1 }
        guard var first = scanNumber() else { return nil }
        var epoch: Version.Number = 0
        if position < end, bytes[position] == UInt8(ascii: "!") {
            let mark = position
            position += 1
            if let number = scanNumber() {
                epoch = first
                first = number
            } else {
                position = mark
            }
        }
        var release = [first]
        while position + 1 < end, bytes[position] == UInt8(ascii: "."), PythonText.isDigit(bytes[position + 1]) {
            position += 1
            guard let number = scanNumber() else { return nil }
            release.append(number)
        }
        return (epoch, release)
    }

    /// The optional parts after the release numbers.
    mutating func scanSuffixes(epoch: Version.Number, release: [Version.Number], allowsLocal: Bool) -> Version? {
        if position == end { return Version(epoch: epoch, release: release) }
        let start = position
        let pre = scanPre()
        let post = scanPost()
        let dev = scanLabelled(["dev"])?.number
        let local = allowsLocal ? scanLocal() : nil
        return hasOverlongNumber(from: start)
            ? nil : Version(epoch: epoch, release: release, pre: pre, post: post, dev: dev, localSegments: local)
    }

    private mutating func scanPre() -> Version.PreRelease? {
        guard let (label, number) = scanLabelled(["alpha", "a", "beta", "b", "preview", "pre", "c", "rc"]) else { return nil }
        let phase: Version.Phase =
            switch label {
            case 0, 1: .alpha
            case 2, 3: .beta
            default: .candidate
            }
        return Version.PreRelease(phase: phase, number: number)
    }

    private mutating func scanPost() -> Version.Number? {
        if position + 1 < end, bytes[position] == UInt8(ascii: "-"), PythonText.isDigit(bytes[position + 1]) {
            position += 1
            return scanNumber()
        }
        return scanLabelled(["post", "rev", "r"])?.number
    }

    /// `[._-]? label [._-]? N?`: the index of the first label that fits, and its number or 0.
    private mutating func scanLabelled(_ labels: [StaticString]) -> (label: Int, number: Version.Number)? {
        let mark = position
        skipSeparator()
        guard let label = labels.firstIndex(where: { isAt($0) }) else {
            position = mark
            return nil
        }
        position += labels[label].utf8CodeUnitCount
        skipSeparator()
        return (label, scanNumber() ?? 0)
    }

    /// `+ [a-z0-9]+ ([._-] [a-z0-9]+)*`
    private mutating func scanLocal() -> [Version.LocalSegment]? {
        guard position + 1 < end, bytes[position] == UInt8(ascii: "+"), PythonText.isASCIIAlphanumeric(bytes[position + 1]) else { return nil }
        var segments: [Version.LocalSegment] = []
        repeat {
            position += 1
            let start = position
            var isNumber = true
            while position < end, PythonText.isASCIIAlphanumeric(bytes[position]) {
                if !PythonText.isDigit(bytes[position]) { isNumber = false }
                position += 1
            }
            let part = bytes[start..<position]
            segments.append(
                isNumber ? .number(Version.Number(digits: part)) : .text(String(decoding: part.map(PythonText.lowercasedASCII), as: UTF8.self))
            )
        } while position + 1 < end && isSeparator(bytes[position]) && PythonText.isASCIIAlphanumeric(bytes[position + 1])
        return segments
    }

    private mutating func scanNumber() -> Version.Number? {
        let start = position
        while position < end, PythonText.isDigit(bytes[position]) { position += 1 }
        return position == start || position - start > Self.maximumDigits ? nil : Version.Number(digits: bytes[start..<position])
    }

    private mutating func skipSeparator() {
        if position < end, isSeparator(bytes[position]) { position += 1 }
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private func isAt(_ label: StaticString) -> Bool {
        let count = label.utf8CodeUnitCount
        guard position + count <= end else { return false }
        let start = label.utf8Start
        for offset in 0..<count where bytes[position + offset] | 0x20 != start[offset] { return false }
        return true
    }

    private func hasOverlongNumber(from start: Int) -> Bool {
        guard position - start > Self.maximumDigits else { return false }
        return bytes[start..<position].split(whereSeparator: { !PythonText.isDigit($0) }).contains { $0.count > Self.maximumDigits }
    }
}
