// Measures the content of a member while it passes by.

import Crypto
import Glibc

struct MemberMeter {
    private static let capturedPathConfiguration = 64 * 1024

    private let kind: MemberKind
    private let measuresLines: Bool
    private let captureLimit: Int
    private var hash = SHA256()
    private var lineLength = 0
    private(set) var longestLine = 0
    private(set) var size: Int64 = 0
    private(set) var captured: [UInt8] = []

    /// - Parameter capturing: how many bytes of the content are kept.
    init(path: String, kind: MemberKind, capturing: Int = 0) {
        self.kind = kind
        let name = path.lowercased()
        measuresLines = kind.runsAtStart || kind == .python && [".py", ".pyi", ".pyw"].contains { name.hasSuffix($0) }
        captureLimit = kind == .pathConfiguration ? Self.capturedPathConfiguration : capturing
    }

    mutating func update(_ piece: ArraySlice<UInt8>) {
        size += Int64(piece.count)
        piece.withUnsafeBytes { hash.update(bufferPointer: $0) }
        if captured.count < captureLimit { captured.append(contentsOf: piece.prefix(captureLimit - captured.count)) }
        if measuresLines { piece.withUnsafeBytes { measureLines($0) } }
    }

    private mutating func measureLines(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count, let end = memchr(base + start, 0x0A, bytes.count - start) {
            let position = UnsafeRawPointer(end) - base
            longestLine = max(longestLine, lineLength + position - start)
            lineLength = 0
            start = position + 1
        }
        lineLength += bytes.count - start
        longestLine = max(longestLine, lineLength)
    }

    /// Of everything seen.
    var sha256: SHA256.Digest { hash.finalize() }

    /// Whether it is a `.pth` with a line that begins with `import`, as `site` looks for it, or one too long to be looked at.
    var runsCode: Bool {
        guard kind == .pathConfiguration else { return false }
        if size > captured.count { return true }
        return captured.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).contains { line in
            let line = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
            return line.starts(with: "import ".utf8) || line.starts(with: "import\t".utf8)
        }
    }
}
