// Members of a zip that no wheel needs: unreadable ones, ones with dangerous paths, ones that lie about their size.

import Distributions

enum ZipTricks {
    static let all = unreadable + paths + collisions + sizes + harmless

    private static let module = "demo/__init__.py"
    private static let wheelFile = "demo-1.0.dist-info/WHEEL"

    /// Encrypted, or compressed in a way that not every installer knows.
    private static let unreadable: [HostileDistribution] = [
        WheelForge.zip("zip-encrypted-member") { $0[module].describe { $0.flags |= 1 } },
        WheelForge.zip("zip-strong-encryption") { $0[module].describe { $0.flags |= 0x41 } },
        WheelForge.zip("zip-masked-directory") { $0[module].describe { $0.flags |= 0x2000 } },
        WheelForge.zip("zip-encryption-only-in-local-header") { $0[module].local?.flags |= 1 },
        WheelForge.zip("zip-deflate64-method") { $0[module].describe { $0.method = 9 } },
        WheelForge.zip("zip-bzip2-method") { $0[module].describe { $0.method = 12 } },
        WheelForge.zip("zip-lzma-method") { $0[module].describe { $0.method = 14 } },
        WheelForge.zip("zip-zstd-method") { $0[module].describe { $0.method = 93 } },
        WheelForge.zip("zip-deflate-garbage") { $0[wheelFile].data = Array(repeating: 0xFF, count: $0[wheelFile].data.count) },
        WheelForge.zip("zip-wrong-checksum") { $0["demo-1.0.dist-info/METADATA"].describe { $0.checksum ^= 1 } },
        // No line of RECORD makes anybody look at this one.
        WheelForge.zip("zip-wrong-checksum-in-unlisted-member") {
            var member = ZipForge.Member("demo/data.bin", [1, 2, 3])
            member.describe { $0.checksum ^= 1 }
            $0.members.append(member)
        },
        WheelForge.zip("zip-data-behind-deflated-data") {
            $0[module].data += Array("more".utf8)
            $0[module].describe { $0.compressed += 4 }
        },
    ]

    /// Paths that lead out of the folder a wheel is unpacked in.
    private static let paths: [HostileDistribution] = [
        member("zip-path-climbs", "demo/../../evil.py"),
        member("zip-path-is-dots", ".."),
        member("zip-path-climbs-at-once", "../evil.py"),
        member("zip-path-absolute", "/etc/cron.d/evil"),
        member("zip-path-drive-letter", "C:/evil.py"),
        member("zip-path-backslash", "demo\\..\\..\\evil.py"),
        member("zip-path-network-share", "//server/share/evil.py"),
        member("zip-path-with-nul", "demo/evil.py\0.txt"),
        member("zip-path-with-escape-sequence", "demo/\u{1B}[2Jevil.py"),
        member("zip-path-too-long", "demo/" + String(repeating: "x", count: 5000)),
        member("zip-path-empty", ""),
        special("zip-symbolic-link", mode: 0o120777, content: "../../../etc/passwd"),
        special("zip-symbolic-link-inside", mode: 0o120777, content: "__init__.py"),
        special("zip-named-pipe", mode: 0o010644, content: ""),
        special("zip-character-device", mode: 0o020644, content: ""),
        // The upper half of the attributes is a Unix mode for whoever chooses to believe so.
        WheelForge.zip("zip-symbolic-link-made-by-dos") {
            var link = ZipForge.Member("demo/link", Array("../../../etc/passwd".utf8))
            link.mode = 0o120777
            link.host = 0
            $0.members.append(link)
        },
        WheelForge.zip("zip-path-not-utf8") {
            var member = ZipForge.Member("demo/x", [])
            member.describe { $0.name = Array("demo/".utf8) + [0xE9] }
            $0.members.append(member)
        },
    ]

    /// Two members that are one file to somebody.
    private static let collisions: [HostileDistribution] = [
        members("zip-paths-differ-in-case", "demo/Module.py", "demo/module.py"),
        members("zip-folders-differ-in-case", "Demo/__init__.py"),
        members("zip-paths-differ-in-unicode-form", "demo/caf\u{E9}.py", "demo/cafe\u{301}.py"),
        members("zip-paths-differ-in-sharp-s", "demo/stra\u{DF}e.py", "demo/STRASSE.py"),
        members("zip-path-with-empty-part", "demo//__init__.py"),
        members("zip-path-with-dot-part", "./demo/__init__.py"),
        members("zip-file-is-also-folder", "demo/data", "demo/data/x.py"),
        members("zip-file-is-also-folder-in-other-case", "demo/DATA/x.py", "demo/data"),
        members("zip-file-is-also-empty-folder", "demo/data", "demo/data/"),
        WheelForge.zip("zip-folder-with-content") { $0.members.append(ZipForge.Member("demo/data/", Array("hidden".utf8))) },
    ]

    /// Zips that unpack to more than they say or than anybody wants.
    private static let sizes: [HostileDistribution] = [
        WheelForge.zip("zip-bomb") { $0.members.append(ZipForge.Member("demo/zeros", bombContent)) },
        WheelForge.zip("zip-bomb-of-many-members") { zip in
            let ninth = Array(bombContent.prefix(8 << 20))
            let member = ZipForge.Member("demo/zeros", ninth)
            for number in 0..<9 {
                var copy = member
                copy.describe { $0.name = Array("demo/zeros\(number)".utf8) }
                zip.members.append(copy)
            }
        },
        // Says that it is small, and RECORD does not ask for it.
        WheelForge.zip("zip-bomb-that-claims-to-be-small") {
            var member = ZipForge.Member("demo/zeros", bombContent)
            member.describe { $0.uncompressed = 100 }
            $0.members.append(member)
        },
        WheelForge.zip("zip-size-larger-than-content") { $0[wheelFile].describe { $0.uncompressed += 1 } },
        WheelForge.zip("zip-size-smaller-than-content") { $0[wheelFile].describe { $0.uncompressed -= 1 } },
        WheelForge.zip("zip-size-beyond-all-numbers") {
            $0[module].describe {
                $0.extra = ZipForge.zip64(.max, .max)
                $0.compressed = .max
                $0.uncompressed = .max
            }
        },
        // The first member's data is the second member, header and all.
        WheelForge.zip("zip-member-inside-of-member") {
            let start = UInt32($0.bytes().count)
            var inner = ZipForge()
            inner.members = [ZipForge.Member("demo/inner.py", Array("evil = True\n".utf8), isDeflated: false)]
            let record = Array(inner.bytes().prefix(30 + 13 + 12))
            let outer = ZipForge.Member("demo/outer.bin", record, isDeflated: false)
            var quoted = inner.members[0]
            quoted.local = nil
            quoted.data = []
            $0.members.append(outer)
            let before = UInt32($0.members.dropLast().reduce(0) { $0 + 30 + ($1.local?.name.count ?? 0) + $1.data.count })
            quoted.offset = min(start, before + 30 + 14)
            $0.members.append(quoted)
        },
        // A hundred names for one piece of data: as large as it says, and tiny.
        WheelForge.zip("zip-members-that-share-their-data") { zip in
            let offset = UInt32(zip.members.reduce(0) { $0 + 30 + ($1.local?.name.count ?? 0) + $1.data.count })
            var shared = ZipForge.Member("demo/shared0", Array(repeating: 0x61, count: 1000))
            zip.members.append(shared)
            shared.local = nil
            shared.data = []
            shared.offset = offset
            for number in 1..<100 {
                shared.central?.name = Array("demo/shared\(number)".utf8)
                zip.members.append(shared)
            }
        },
    ]

    private static let harmless: [HostileDistribution] = [
        WheelForge.wheel("good-zip-stored-members") { $0.isDeflated = false },
        WheelForge.wheel("good-zip-non-ascii-paths") { $0.modules.append(("demo/caf\u{E9}-\u{65E5}\u{672C}.py", [])) },
        WheelForge.zip("good-zip-without-modes") { zip in
            for place in zip.members.indices {
                zip.members[place].mode = 0
                zip.members[place].host = 0
            }
        },
        WheelForge.zip("good-zip-empty-folders") {
            $0.members.append(ZipForge.Member("demo/", [], isDeflated: false))
            var folder = ZipForge.Member("demo/data/", [])
            folder.mode = 0o040755
            $0.members.append(folder)
        },
        // Much air, but not beyond what any archive may hold.
        WheelForge.zip("good-zip-of-zeros") { $0.members.append(ZipForge.Member("demo/zeros", Array(bombContent.prefix(60 << 20)))) },
    ]

    private static let bombContent = [UInt8](repeating: 0, count: 66 << 20)

    private static func member(_ trick: String, _ path: String) -> HostileDistribution {
        WheelForge.zip(trick) { $0.members.append(ZipForge.Member(path, Array("evil = True\n".utf8))) }
    }

    private static func members(_ trick: String, _ paths: String...) -> HostileDistribution {
        WheelForge.zip(trick) { zip in
            for path in paths { zip.members.append(ZipForge.Member(path, path.hasSuffix("/") ? [] : Array("evil = True\n".utf8))) }
        }
    }

    private static func special(_ trick: String, mode: UInt32, content: String) -> HostileDistribution {
        WheelForge.zip(trick) {
            var member = ZipForge.Member("demo/special", Array(content.utf8), isDeflated: false)
            member.mode = mode
            $0.members.append(member)
        }
    }
}
