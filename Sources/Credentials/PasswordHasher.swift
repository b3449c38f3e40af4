// Argon2id password hashes.
import CSodium

/// Hashes and verifies passwords with Argon2id (RFC 9106), one lane, as PHC strings (`$argon2id$v=19$m=…,t=…,p=1$…`).
///
/// A hash needs tens of milliseconds and tens of megabytes on purpose, so hashing runs on threads of its own and only a few at once:
/// the server's memory stays bounded and its other requests are not held up. One instance is to be shared by the whole process.
public struct PasswordHasher: Sendable {
    /// What a new hash costs.
    public struct Parameters: Sendable, Hashable {
        /// Argon2's time cost `t`, at least 1.
        public let passes: Int
        /// Argon2's memory cost in bytes, at least 8 KiB.
        public let memoryBytes: Int

        public init(passes: Int, memoryBytes: Int) {
            self.passes = passes
            self.memoryBytes = memoryBytes
        }

        /// t = 2, m = 64 MiB.
        public static let standard = Parameters(passes: 2, memoryBytes: 64 << 20)
        /// As cheap as the algorithm allows. For tests only.
        public static let forTests = Parameters(passes: 1, memoryBytes: 8192)
    }

    /// The longest password that is hashed, in UTF-8 bytes; longer ones never verify.
    public static let longestPassword = 4096

    public let parameters: Parameters
    private let threads: HashingThreads

    /// - Parameter concurrency: how many hashes may run at once; each takes `parameters.memoryBytes`.
    public init(parameters: Parameters = .standard, concurrency: Int = 2) {
        precondition(sodium_init() >= 0, "libsodium could not start")
        self.parameters = parameters
        threads = HashingThreads(limit: concurrency)
    }

    /// A hash for cheap hashing in tests.
    public static let forTests = PasswordHasher(parameters: .forTests)

    /// A new hash with a random salt.
    /// - Throws: `PasswordHashingFailure` when memory is short or the password is longer than `longestPassword`.
    public func hash(_ password: String) async throws(PasswordHashingFailure) -> String {
        guard password.utf8.count <= Self.longestPassword else { throw PasswordHashingFailure() }
        let parameters = parameters
        guard let hash = await threads.run({ Self.hashNow(password, parameters) }) else { throw PasswordHashingFailure() }
        return hash
    }

    /// Whether `hash` was made of this password. A hash nobody can read verifies nothing.
    ///
    /// - Parameter isUrgent: whether it goes before all that waits without being urgent.
    public func verify(_ password: String, against hash: String, isUrgent: Bool = false) async -> Bool {
        guard password.utf8.count <= Self.longestPassword, hash.utf8.count < Int(crypto_pwhash_STRBYTES) else { return false }
        return await threads.run(isUrgent: isUrgent) {
            password.withCString { crypto_pwhash_str_verify(hash, $0, UInt64(password.utf8.count)) == 0 }
        }
    }

    /// Takes as long as a verification and is always false: for a user who does not exist, so that the time tells nothing.
    public func verifyNobody(_ password: String) async -> Bool {
        _ = try? await hash(password)
        return false
    }

    /// Whether a hash was made with other parameters, or another algorithm, than new hashes are.
    public func needsRehash(_ hash: String) -> Bool {
        guard hash.utf8.count < Int(crypto_pwhash_STRBYTES), hash.hasPrefix("$argon2id$") else { return true }
        return crypto_pwhash_str_needs_rehash(hash, UInt64(parameters.passes), parameters.memoryBytes) != 0
    }

    private static func hashNow(_ password: String, _ parameters: Parameters) -> String? {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let failed = password.withCString {
            crypto_pwhash_str_alg(
                &text,
                $0,
                UInt64(password.utf8.count),
                UInt64(parameters.passes),
                parameters.memoryBytes,
                crypto_pwhash_alg_argon2id13()
            )
        }
        guard failed == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A password could not be hashed: too long, or no memory for the algorithm.
public struct PasswordHashingFailure: Error, Sendable, CustomStringConvertible {
    public let description = "the password could not be hashed"
}
