// Members that a reader from the front and a reader of the directory would see differently (index §2.13).

enum ZipFramingTricks {
    static let all = records + names + sizes + extras + harmless

    /// A member that nobody reads before the framing is checked.
    private static let wheelFile = "demo-1.0.dist-info/WHEEL"

    /// What lies between the records, or is told of them.
    private static let records: [HostileDistribution] = [
        WheelForge.zip("zip-prefix") { $0.prefix = Array("#!/bin/sh\nexit\n".utf8) },
        WheelForge.zip("zip-prefix-that-offsets-ignore") {
            $0.prefix = Array("#!/bin/sh\nexit\n".utf8)
            $0.countsPrefix = false
        },
        WheelForge.zip("zip-prefix-of-another-zip") {
            var other = ZipForge()
            other.members = [ZipForge.Member("demo/__init__.py", Array("evil = True\n".utf8))]
            $0.prefix = other.bytes()
        },
        WheelForge.zip("zip-unknown-record") { $0[wheelFile].behind = [0x50, 0x4B, 9, 9, 0, 0, 0, 0] },
        WheelForge.zip("zip-gap-between-members") { $0[wheelFile].behind = Array(repeating: 0, count: 64) },
        WheelForge.zip("zip-gap-before-directory") { $0.beforeDirectory = Array(repeating: 0, count: 64) },
        WheelForge.zip("zip-archive-extra-data-record") { $0.beforeDirectory = ZipForge.little(UInt32(0x0806_4B50)) + [0, 0, 0, 0] },
        WheelForge.zip("zip-digital-signature-record") { $0.behindDirectory = ZipForge.little(UInt32(0x0505_4B50)) + [2, 0, 1, 2] },
        WheelForge.zip("zip-streaming-flag") { $0[wheelFile].describe { $0.flags |= 8 } },
        WheelForge.zip("zip-streaming-flag-only-in-local-header") { $0[wheelFile].local?.flags |= 8 },
        // As a writer that can not seek does it: nothing in the header, everything behind the data.
        WheelForge.zip("zip-data-descriptor") {
            guard let told = $0[wheelFile].central else { return }
            $0[wheelFile].describe { $0.flags |= 8 }
            $0[wheelFile].local?.checksum = 0
            $0[wheelFile].local?.compressed = 0
            $0[wheelFile].local?.uncompressed = 0
            $0[wheelFile].behind = ZipForge.little(UInt32(0x0807_4B50)) + ZipForge.little(told.checksum)
            $0[wheelFile].behind += ZipForge.little(told.compressed) + ZipForge.little(told.uncompressed)
        },
        WheelForge.zip("zip-methods-differ") { $0[wheelFile].local?.method = 0 },
        WheelForge.zip("zip-checksums-differ") { $0[wheelFile].local?.checksum ^= 1 },
        WheelForge.zip("zip-offset-of-another-member") { $0[wheelFile].offset = 1 },
        WheelForge.zip("zip-member-comment") { $0[wheelFile].comment = Array("see also".utf8) },
    ]

    /// Names told by one side only, or twice, or in two spellings.
    private static let names: [HostileDistribution] = [
        WheelForge.zip("zip-member-hidden-from-directory") {
            var hidden = ZipForge.Member("demo/hidden.py", Array("evil = True\n".utf8))
            hidden.central = nil
            $0.members.insert(hidden, at: 1)
        },
        WheelForge.zip("zip-member-only-in-directory") {
            var phantom = ZipForge.Member("demo/phantom.py", [])
            phantom.local = nil
            phantom.data = []
            phantom.offset = 0
            $0.members.append(phantom)
        },
        WheelForge.zip("zip-names-differ") { $0[wheelFile].local?.name = Array("demo/__evil__.py".utf8) },
        WheelForge.zip("zip-local-name-not-utf8") { $0[wheelFile].local?.name = Array("demo/".utf8) + [0xE9] },
        WheelForge.zip("zip-local-name-with-control-byte") { $0[wheelFile].local?.name = Array("demo/\u{7F}.py".utf8) },
        WheelForge.zip("zip-member-twice") { $0.members.append(ZipForge.Member(wheelFile, Array("evil = True\n".utf8))) },
        WheelForge.zip("zip-member-twice-only-in-front") {
            var twin = ZipForge.Member(wheelFile, Array("evil = True\n".utf8))
            twin.central = nil
            $0.members.append(twin)
        },
        WheelForge.zip("zip-member-twice-only-in-directory") {
            var twin = $0[wheelFile]
            twin.local = nil
            twin.data = []
            twin.offset = 0
            $0.members.append(twin)
        },
        WheelForge.zip("zip-directory-name-with-control-byte") { $0[wheelFile].describe { $0.name = Array("demo/\u{1}.py".utf8) } },
        // The flag says whether a name is UTF-8 or in the letters of the first PC.
        WheelForge.zip("zip-name-in-two-encodings") {
            var member = ZipForge.Member("demo/caf\u{E9}.py", [])
            member.local?.flags = 0
            $0.members.append(member)
        },
    ]

    private static let sizes: [HostileDistribution] = [
        WheelForge.zip("zip-compressed-sizes-differ") { $0[wheelFile].local?.compressed -= 1 },
        WheelForge.zip("zip-uncompressed-sizes-differ") { $0[wheelFile].local?.uncompressed += 1 },
        WheelForge.zip("zip-compressed-size-runs-into-next-member") { $0[wheelFile].describe { $0.compressed += 40 } },
        WheelForge.zip("zip64-sizes-differ") {
            $0[wheelFile].describe {
                $0.extra = ZipForge.zip64(UInt64($0.uncompressed), UInt64($0.compressed))
                $0.uncompressed = .max
                $0.compressed = .max
            }
            $0[wheelFile].local?.extra = ZipForge.zip64(5, 5)
        },
        WheelForge.zip("zip64-size-for-one-reader-only") {
            $0[wheelFile].describe { $0.extra = ZipForge.zip64(UInt64($0.uncompressed) + 1, UInt64($0.compressed) + 1) }
        },
        WheelForge.zip("zip64-offset-for-one-reader-only") {
            var member = $0[wheelFile]
            member.central?.extra = ZipForge.zip64(UInt64(member.data.count), 7, 9)
            $0[wheelFile] = member
        },
    ]

    /// Extra fields that say twice what a member is called or how long it is.
    private static let extras: [HostileDistribution] = [
        extra("zip-extra-field-cut-short", [0x55, 0x54, 9, 0, 1]),
        WheelForge.zip("zip-extra-field-cut-short-in-directory") { $0[wheelFile].central?.extra = [1, 0, 8, 0, 1] },
        extra("zip64-extra-twice", ZipForge.zip64() + ZipForge.zip64()),
        extra("zip-unicode-path-twice", unicodePath(Array(wheelFile.utf8)) + unicodePath(Array(wheelFile.utf8))),
        extra("zip-unicode-path-not-utf8", unicodePath(Array("demo/".utf8) + [0xE9])),
        extra("zip-unicode-path-with-control-byte", unicodePath(Array("demo/\u{1}.py".utf8))),
        extra("zip-unicode-path-of-another-file", unicodePath(Array("demo/__evil__.py".utf8))),
        extra("zip64-extra-of-12-bytes", ZipForge.extra(1, Array(repeating: 0, count: 12))),
        WheelForge.zip("zip64-extra-empty") {
            $0[wheelFile].describe {
                $0.extra = ZipForge.zip64()
                $0.uncompressed = .max
            }
        },
        WheelForge.zip("zip64-extra-with-one-size-of-deflated-member") {
            $0[wheelFile].describe {
                $0.extra = ZipForge.zip64(UInt64($0.uncompressed))
                $0.uncompressed = .max
            }
        },
    ]

    private static let harmless: [HostileDistribution] = [
        WheelForge.zip("good-zip64-extras-that-agree") { zip in
            for place in zip.members.indices {
                zip.members[place].describe {
                    $0.extra = ZipForge.zip64(UInt64($0.uncompressed), UInt64($0.compressed))
                    $0.uncompressed = .max
                    $0.compressed = .max
                }
            }
        },
        extra("good-zip-unicode-path-that-agrees", unicodePath(Array(wheelFile.utf8))),
        extra("good-zip-extra-field-of-times", ZipForge.extra(0x5455, [1, 0, 0, 0, 0])),
        WheelForge.zip("good-zip-directory-in-another-order") { zip in
            // Directory records keep their own order when each tells its offset.
            var offset: UInt32 = 0
            var directory: [ZipForge.Member] = []
            for place in zip.members.indices {
                var listed = zip.members[place]
                listed.offset = offset
                offset += UInt32(30 + (listed.local?.name.count ?? 0) + listed.data.count)
                listed.local = nil
                listed.data = []
                directory.append(listed)
                zip.members[place].central = nil
            }
            zip.members += directory.reversed()
        },
    ]

    private static func extra(_ trick: String, _ bytes: [UInt8]) -> HostileDistribution {
        WheelForge.zip(trick) { $0[wheelFile].describe { $0.extra = bytes } }
    }

    /// Version and checksum of the name, then the name (APPNOTE 4.6.9).
    private static func unicodePath(_ name: [UInt8]) -> [UInt8] {
        ZipForge.extra(0x7075, [1] + ZipForge.little(ZipForge.checksum(Array(wheelFile.utf8))) + name)
    }
}
