// A wheel's own list of its files, compared with what is there (PEP 376, PEP 427; index §2.15, step 7).
import Crypto

/// How a wheel's `RECORD` and its members differ. A difference is not an error: the index accepts the file and tells its owners.
public struct RecordVerdict: Sendable, Hashable {
    /// Members that `RECORD` does not list, sorted.
    public var missing: [String] = []
    /// Paths that `RECORD` lists and the wheel does not have, sorted.
    public var extra: [String] = []
    /// Members whose content has another hash.
    public var wrongHash: [String] = []
    /// Members whose content has another length.
    public var wrongSize: [String] = []
    /// Members listed with a hash that proves nothing today (MD5, SHA-1) or that nobody knows; not compared.
    public var weakHash: [String] = []
    /// Members listed without a hash, other than `RECORD` and its signatures, which can not have one.
    public var unhashed: [String] = []

    /// Whether both name the same files: what the reference looks at.
    public var hasSamePaths: Bool { missing.isEmpty && extra.isEmpty }
    /// Whether everything listed is there as listed. Says nothing about `weakHash` and `unhashed`.
    public var isFaithful: Bool { hasSamePaths && wrongHash.isEmpty && wrongSize.isEmpty }
}

extension Wheel {
    /// Compares `RECORD` with the archive; reads every member once, piece by piece.
    /// - Throws: `InvalidDistribution` when `RECORD` is missing or no UTF-8 CSV, or a member is damaged.
    public func checkRecord(limits: ArchiveLimits = ArchiveLimits()) throws(InvalidDistribution) -> RecordVerdict {
        try Self.checkRecord(of: archive, distInfoDirectory: distInfoDirectory, filename: filename, limits: limits)
    }

    static func checkRecord(
        of archive: ZipReader,
        distInfoDirectory: String,
        filename: String,
        hashes: MemberHashes = MemberHashes(),
        limits: ArchiveLimits
    ) throws(InvalidDistribution) -> RecordVerdict {
        let path = "\(distInfoDirectory)/RECORD"
        guard let record = archive.entries(named: path).first else {
            throw InvalidDistribution("Wheel '\(filename)' does not contain the required RECORD file: \(path)")
        }
        do {
            let text = try archive.read(record, limit: limits.directoryBytes)
            let rows = try RecordRow.rows(of: text, limit: limits.entries, pathBytes: limits.nameBytes)
            return try verdict(of: archive, rows: rows, record: path, hashes: hashes, limits: limits)
        } catch {
            throw InvalidDistribution(error, subject: "Wheel '\(filename)'")
        }
    }

    private static func verdict(
        of archive: ZipReader,
        rows: [RecordRow],
        record: String,
        hashes: MemberHashes,
        limits: ArchiveLimits
    ) throws(InvalidArchive) -> RecordVerdict {
        // Keyed by bytes: `String` would take two Unicode forms of a name for one.
        var listed: [[UInt8]: [RecordRow]] = [:]
        for row in rows { listed[Array(row.path.utf8), default: []].append(row) }
        let signatures = ["\(record).jws", "\(record).p7s"]
        var verdict = RecordVerdict()
        for entry in archive.entries where !entry.isDirectory && !signatures.contains(entry.name) {
            guard let rows = listed.removeValue(forKey: Array(entry.name.utf8)) else {
                verdict.missing.append(entry.name)
                if hashes.sha256(of: entry) == nil { try archive.read(entry, limit: limits.expandedBytes) { _ in } }
                continue
            }
            guard entry.name != record else { continue }
            let algorithms = Set(rows.compactMap(\.algorithm))
            let digests = try Self.digests(of: entry, by: algorithms, hashes: hashes, in: archive, limits: limits)
            verdict.add(entry, rows: rows, algorithms: algorithms, digests: digests)
        }
        verdict.missing.sort()
        verdict.extra = listed.values.compactMap { $0.first?.path }.sorted()
        return verdict
    }

    /// The content's digests as `RECORD` writes them, by algorithm.
    private static func digests(
        of entry: ZipEntry,
        by algorithms: Set<String>,
        hashes: MemberHashes,
        in archive: ZipReader,
        limits: ArchiveLimits
    ) throws(InvalidArchive) -> [String: String] {
        if let sha256 = hashes.sha256(of: entry), !algorithms.contains("sha384"), !algorithms.contains("sha512") { return ["sha256": sha256] }
        var sha256 = algorithms.contains("sha256") ? SHA256() : nil
        var sha384 = algorithms.contains("sha384") ? SHA384() : nil
        var sha512 = algorithms.contains("sha512") ? SHA512() : nil
        // Also where there is nothing to compare: every member must be one that can be unpacked.
        try archive.read(entry, limit: limits.expandedBytes) { piece in
            piece.withUnsafeBytes {
                sha256?.update(bufferPointer: $0)
                sha384?.update(bufferPointer: $0)
                sha512?.update(bufferPointer: $0)
            }
        }
        return [
            "sha256": sha256.map { URLSafeBase64.text($0.finalize()) },
            "sha384": sha384.map { URLSafeBase64.text($0.finalize()) },
            "sha512": sha512.map { URLSafeBase64.text($0.finalize()) },
        ].compactMapValues { $0 }
    }
}

extension RecordVerdict {
    /// Takes in how a member compares with the rows that list it.
    fileprivate mutating func add(_ entry: ZipEntry, rows: [RecordRow], algorithms: Set<String>, digests: [String: String]) {
        if rows.contains(where: { row in row.algorithm.flatMap { digests[$0] }.map { $0 != row.digest } ?? false }) {
            wrongHash.append(entry.name)
        }
        if rows.contains(where: { row in row.size.map { $0 != "\(entry.size)" } ?? false }) { wrongSize.append(entry.name) }
        if algorithms.contains(where: { digests[$0] == nil }) { weakHash.append(entry.name) }
        if rows.contains(where: { $0.algorithm == nil }) { unhashed.append(entry.name) }
    }
}

/// The hashes of members that were unpacked already, so that nobody unpacks them again.
struct MemberHashes {
    /// By the place of their local headers: of two members that share one, the framing lets neither through.
    private var sha256: [Int64: String] = [:]

    mutating func note(_ content: [UInt8], of entry: ZipEntry) {
        sha256[entry.localHeaderOffset] = URLSafeBase64.text(SHA256.hash(data: content))
    }

    func sha256(of entry: ZipEntry) -> String? { sha256[entry.localHeaderOffset] }
}

/// RFC 4648 §5 without padding, as `RECORD` writes hashes.
enum URLSafeBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending >> UInt32(bits) & 63)])
            }
            pending &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { text.append(alphabet[Int(pending << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
