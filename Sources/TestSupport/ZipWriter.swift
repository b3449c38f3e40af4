// Writes small zip archives.

import CZlib

/// A zip archive in memory: members stored without compression, as plain as they come, so that each byte of it can be told.
package struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0

    package init() {}

    /// Adds a member.
    package mutating func add(_ name: String, _ content: [UInt8]) {
        let checksum = content.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
        let name = Array(name.utf8)
        let offset = UInt32(bytes.count)
        // What the local header and the directory say alike: version, flags (UTF-8), method, time, date, checksum, sizes, lengths.
        var shared: [UInt8] = []
        for half: UInt16 in [20, 0x0800, 0, 0, 0x5821] { shared += Self.little(half) }
        for word in [checksum, UInt32(content.count), UInt32(content.count)] { shared += Self.little(word) }
        shared += Self.little(UInt16(name.count)) + Self.little(UInt16(0))

        bytes += Self.little(UInt32(0x0403_4B50)) + shared + name + content
        directory += Self.little(UInt32(0x0201_4B50)) + Self.little(UInt16(0x0314)) + shared
        // No comment, first disk, no internal attributes, an ordinary file.
        directory +=
            Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt32(0o100644 << 16)) + Self.little(offset)
            + name
        count += 1
    }

    package mutating func add(_ name: String, _ text: String) {
        add(name, Array(text.utf8))
    }

    /// The archive, with its directory.
    package func finished() -> [UInt8] {
        var end = Self.little(UInt32(0x0605_4B50)) + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(count) + Self.little(count)
        end += Self.little(UInt32(directory.count)) + Self.little(UInt32(bytes.count)) + Self.little(UInt16(0))
        return bytes + directory + end
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
