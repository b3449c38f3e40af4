// How a value lies in a store that others can write to.

import CZlib

/// A version, a checksum over the key and the value, the value. What is no such thing, or lies under another key than it was made for, is nothing.
enum CacheFrame {
    private static let version: UInt8 = 1
    /// How many bytes stand before the value.
    static let head = 5

    static func write(_ value: [UInt8], for key: [UInt8]) -> [UInt8] {
        let sum = checksum(key, value[...])
        return [
            version, UInt8(truncatingIfNeeded: sum >> 24), UInt8(truncatingIfNeeded: sum >> 16), UInt8(truncatingIfNeeded: sum >> 8),
            UInt8(truncatingIfNeeded: sum),
        ]
            + value
    }

    static func read(_ frame: [UInt8], for key: [UInt8]) -> [UInt8]? {
        guard frame.count >= head, frame[0] == version else { return nil }
        let sum = frame[1..<head].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let value = frame[head...]
        return checksum(key, value) == sum ? Array(value) : nil
    }

    private static func checksum(_ key: [UInt8], _ value: ArraySlice<UInt8>) -> UInt32 {
        let first = key.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        return UInt32(truncatingIfNeeded: value.withUnsafeBufferPointer { crc32_z(first, $0.baseAddress, $0.count) })
    }
}
