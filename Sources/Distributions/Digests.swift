import CSodium
// The three digests an index publishes of every file, computed in one pass.
import Crypto

/// The digests of one file, as lower-case hexadecimal text, and its length.
///
/// MD5 is kept only because old interfaces print it; SHA-256 is what installers check and BLAKE2b-256 names the stored file (index §6.1).
public struct Digests: Sendable, Hashable {
    /// MD5 (RFC 1321), 32 hexadecimal digits.
    public let md5: String
    /// SHA-256 (FIPS 180-4), 64 hexadecimal digits.
    public let sha256: String
    /// BLAKE2b with a 32-byte digest and no key (RFC 7693), 64 hexadecimal digits.
    public let blake2b256: String
    /// Length of the content in bytes.
    public let size: Int64

    public init(md5: String, sha256: String, blake2b256: String, size: Int64) {
        self.md5 = md5
        self.sha256 = sha256
        self.blake2b256 = blake2b256
        self.size = size
    }

    /// The digests of bytes already in memory.
    public init(of bytes: some Sequence<UInt8>) {
        var state = DigestState()
        state.update(bytes)
        self = state.finalize()
    }

    /// The digests of a file on disk, read in 256 KiB chunks. Blocks the calling thread.
    /// - Throws: `InvalidArchive` (kind `.unreadable`) when the file cannot be opened or read.
    public init(ofFileAt path: String) throws(InvalidArchive) {
        let source = try ArchiveSource(path: path)
        var state = DigestState()
        var offset: Int64 = 0
        while offset < source.size {
            let chunk = try source.read(at: offset, count: Int(min(source.size - offset, 256 * 1024)))
            state.update(chunk)
            offset += Int64(chunk.count)
        }
        self = state.finalize()
    }
}

/// An incremental hasher for all three digests. A value: a copy continues on its own.
public struct DigestState: Sendable {
    private var md5 = Insecure.MD5()
    private var sha256 = SHA256()
    private var blake2b = BLAKE2bState()
    /// How many bytes have been hashed so far.
    public private(set) var size: Int64 = 0

    public init() {}

    /// Hashes more bytes.
    public mutating func update(_ buffer: UnsafeRawBufferPointer) {
        guard buffer.count > 0 else { return }
        if !isKnownUniquelyReferenced(&blake2b) { blake2b = BLAKE2bState(copying: blake2b) }
        md5.update(bufferPointer: buffer)
        sha256.update(bufferPointer: buffer)
        blake2b.update(buffer)
        size += Int64(buffer.count)
    }

    /// Hashes more bytes; arrays, slices and `Data` are hashed where they lie, other sequences are copied first.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// The digests of everything hashed so far. The state may be updated further afterwards.
    public func finalize() -> Digests {
        Digests(
            md5: hexadecimal(md5.finalize()),
            sha256: hexadecimal(sha256.finalize()),
            blake2b256: hexadecimal(BLAKE2bState(copying: blake2b).finalize()),
            size: size
        )
    }
}

/// libsodium's hashing state. Its C type needs an alignment Swift cannot import, hence the allocation by hand.
///
/// `@unchecked Sendable` is safe: `DigestState` is the only owner and never changes a state that another copy can see (copy on write).
private final class BLAKE2bState: @unchecked Sendable {
    private static let digestBytes = 32
    private let memory: UnsafeMutableRawPointer
    private var state: OpaquePointer { OpaquePointer(memory) }

    init() {
        memory = .allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
        let failed = crypto_generichash_init(OpaquePointer(memory), nil, 0, Self.digestBytes)
        precondition(failed == 0, "BLAKE2b refused a digest length of 32")
    }

    init(copying other: BLAKE2bState) {
        memory = .allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
        memory.copyMemory(from: other.memory, byteCount: crypto_generichash_statebytes())
    }

    deinit { memory.deallocate() }

    func update(_ buffer: UnsafeRawBufferPointer) {
        crypto_generichash_update(state, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(buffer.count))
    }

    /// May be called once; the state is spent afterwards.
    func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestBytes)
        crypto_generichash_final(state, &digest, Self.digestBytes)
        return digest
    }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(128)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
