// Stands in for swift-crypto when macaroons are fuzzed: building the real one takes longer than fuzzing. No signature is looked at there.

public struct SymmetricKey: Sendable {
    let bytes: [UInt8]

    public init(data: [UInt8]) { bytes = data }
}

public struct SHA256: Sendable {}

public enum HMAC<Hash> {
    /// A mere checksum, 32 bytes long.
    public static func authenticationCode(for message: [UInt8], using key: SymmetricKey) -> [UInt8] {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.bytes + message { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<32).map { UInt8(truncatingIfNeeded: state >> UInt64($0 % 8 * 8)) }
    }
}
