// What is remembered of one member of a distribution.

/// A member as a summary lists it.
public struct MemberSummary: Sendable, Hashable {
    /// Properties that few members have. The raw values are stored.
    public struct Marks: OptionSet, Sendable, Hashable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Unpacked carelessly, it would lie outside of its folder, or be another file than its name says.
        public static let unsafePath = Marks(rawValue: 1)
        /// `RECORD` states another hash or size than it has.
        public static let contradictsRecord = Marks(rawValue: 2)
        /// `RECORD` does not list it.
        public static let missingFromRecord = Marks(rawValue: 4)
        /// Encrypted, damaged or compressed in an unknown way: nobody knows its content.
        public static let unreadable = Marks(rawValue: 8)
        /// A link, a device or a pipe. Its digest is that of what it points to, as text.
        public static let notAFile = Marks(rawValue: 16)
        /// A `.pth` with a line that Python runs.
        public static let runsCode = Marks(rawValue: 32)
    }

    /// Its path, made visible (`VisibleText.path`). To be shown and compared, never to be used as the path of a file.
    public let path: String
    /// Bytes of its content.
    public let size: Int64
    public let kind: MemberKind
    /// nil when it could not be read.
    public let digest: MemberDigest?
    /// Bytes of its longest line, for Python and `.pth` files; 0 where it is shorter than `longLine`.
    public let longestLine: Int
    public let marks: Marks

    /// From how many bytes on the length of a line is remembered. People do not write such lines; generators and obfuscators do.
    public static let longLine = 2_000

    public init(path: String, size: Int64, kind: MemberKind, digest: MemberDigest?, longestLine: Int = 0, marks: Marks = []) {
        self.path = path
        self.size = size
        self.kind = kind
        self.digest = digest
        self.longestLine = longestLine < Self.longLine ? 0 : longestLine
        self.marks = marks
    }
}

/// The first half of a SHA-256. To find two contents that have the same takes some 2^64 attempts, and gains no more than that a change is
/// overlooked here.
public struct MemberDigest: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    static let byteCount = 16

    /// - Parameter bytes: the hash, or its first 16 bytes.
    init(_ bytes: some Sequence<UInt8>) {
        var words: [UInt64] = [0, 0]
        for (index, byte) in bytes.prefix(Self.byteCount).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        (high, low) = (words[0], words[1])
    }

    var bytes: [UInt8] { [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } } }
}
