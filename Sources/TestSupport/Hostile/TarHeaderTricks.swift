// Tar headers that two readers would read in two ways: sizes, checksums, extended headers, sparse members.

enum TarHeaderTricks {
    static let all = numbers + sparse + pax + gnu + harmless

    private static let path = "demo-1.0/x"

    private static let numbers: [HostileDistribution] = [
        SourceForge.sdist("tar-wrong-checksum") { $0.add(path, Array("x".utf8), checksumError: 1) },
        SourceForge.sdist("tar-size-not-a-number") { $0.add(path, Array("x".utf8), size: Array("0000000009x\0".utf8)) },
        SourceForge.sdist("tar-size-negative") { $0.add(path, Array("x".utf8), size: [UInt8](repeating: 0xFF, count: 12)) },
        SourceForge.sdist("tar-size-negative-in-text") { $0.add(path, Array("x".utf8), size: Array("-0000000001\0".utf8)) },
        SourceForge.sdist("tar-size-beyond-all-numbers") { $0.add(path, Array("x".utf8), size: TarForge.base256(.max)) },
        SourceForge.sdist("tar-size-beyond-the-end") { $0.add(path, Array("x".utf8), size: Array("00000100000\0".utf8)) },
        SourceForge.sdist("tar-cut-in-a-header") {
            $0.append(raw: Array(SourceForge.tar().finished().prefix(100)))
            $0.isEnded = false
        },
        SourceForge.sdist("tar-garbage-for-a-header") { $0.append(raw: [UInt8](repeating: 0x55, count: 512)) },
    ]

    private static let sparse: [HostileDistribution] = [
        SourceForge.sdist("tar-sparse-gnu") { $0.add(path, Array("x".utf8), type: "S", isGNU: true) },
        pax("tar-sparse-pax", [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "1099511627776")]),
        pax("tar-sparse-pax-of-old", [("GNU.sparse.size", "1099511627776"), ("GNU.sparse.numblocks", "1")]),
        pax("tar-sparse-pax-that-renames", [("GNU.sparse.name", "../../evil.py")]),
    ]

    private static let pax: [HostileDistribution] = [
        pax("tar-pax-path-climbs", [("path", "../evil.py")]),
        pax("tar-pax-path-absolute", [("path", "/etc/cron.d/evil")]),
        pax("tar-pax-path-in-second-directory", [("path", "evil/setup.py")]),
        pax("tar-pax-path-empty", [("path", "")]),
        pax("tar-pax-path-with-nul", [("path", "demo-1.0/evil.py\0.txt")]),
        pax("tar-pax-path-twice", [("path", "demo-1.0/a.py"), ("path", "demo-1.0/b.py")]),
        // A reader that goes by the header takes the content for the next member.
        SourceForge.sdist("tar-pax-size-hides-members") {
            var hidden = TarForge()
            hidden.add("demo-1.0/hidden.py", "evil = True\n")
            $0.addPax([("size", "\(hidden.bytes.count)")])
            $0.add(path, hidden.bytes, size: Array("00000000000\0".utf8))
        },
        SourceForge.sdist("tar-pax-size-shows-members") {
            var hidden = TarForge()
            hidden.add("demo-1.0/hidden.py", "evil = True\n")
            $0.addPax([("size", "0")])
            $0.add(path, hidden.bytes)
        },
        pax("tar-pax-size-negative", [("size", "-1")]),
        pax("tar-pax-size-huge", [("size", "99999999999999999999")]),
        SourceForge.sdist("tar-pax-header-too-long") {
            $0.addPax([("comment", String(repeating: "x", count: 2 << 20))]); $0.add(path, "x")
        },
        raw("tar-pax-record-without-length", "path=demo-1.0/x\n"),
        raw("tar-pax-record-longer-than-header", "99 path=demo-1.0/x\n"),
        raw("tar-pax-record-too-short", "4 path=demo-1.0/x\n"),
        raw("tar-pax-record-without-end", "19 path=demo-1.0/xyz"),
        raw("tar-pax-record-without-value", "8 path0\n"),
        SourceForge.sdist("tar-pax-headers-in-a-row") {
            $0.addPax([("path", "demo-1.0/a.py")])
            $0.addPax([("path", "demo-1.0/b.py")])
            $0.add(path, "x")
        },
        SourceForge.sdist("tar-pax-global-path") {
            $0.addPax([("path", "demo-1.0/other.py")], type: "g")
            $0.add(path, "x")
        },
        SourceForge.sdist("tar-pax-global-size") {
            $0.addPax([("size", "0")], type: "g")
            $0.add(path, "x")
        },
        SourceForge.sdist("tar-pax-header-for-nothing") {
            $0.addPax([("path", "demo-1.0/evil.py")])
            $0.isEnded = true
        },
    ]

    private static let gnu: [HostileDistribution] = [
        gnuName("tar-gnu-name-climbs", "../../evil.py"),
        gnuName("tar-gnu-name-too-long", "demo-1.0/" + String(repeating: "x", count: 5000)),
        SourceForge.sdist("tar-gnu-name-and-pax-path") {
            $0.addPax([("path", "demo-1.0/a.py")])
            $0.add("././@LongLink", Array("demo-1.0/b.py\0".utf8), type: "L", isGNU: true)
            $0.add(path, "x")
        },
        SourceForge.sdist("tar-gnu-names-in-a-row") {
            $0.add("././@LongLink", Array("demo-1.0/a.py\0".utf8), type: "L", isGNU: true)
            $0.add("././@LongLink", Array("demo-1.0/b.py\0".utf8), type: "L", isGNU: true)
            $0.add(path, "x")
        },
    ]

    private static let harmless: [HostileDistribution] = [
        SourceForge.sdist("good-tar-binary-size") { $0.add(path, Array("x".utf8), size: TarForge.base256(1), isGNU: true) },
        pax("good-tar-pax-long-path", [("path", "demo-1.0/" + String(repeating: "long/", count: 60) + "x.py")]),
        pax("good-tar-pax-non-ascii-path", [("path", "demo-1.0/caf\u{E9}.py"), ("mtime", "1700000000.25")]),
        pax("good-tar-pax-size-that-agrees", [("size", "1")]),
        gnuName("good-tar-gnu-long-name", "demo-1.0/" + String(repeating: "long/", count: 60) + "x.py"),
        SourceForge.sdist("good-tar-ustar-prefix") { $0.add("x.py", Array("x".utf8), prefix: "demo-1.0/" + String(repeating: "p", count: 120)) },
        SourceForge.sdist("good-tar-pax-global-comment") {
            $0.addPax([("comment", "0123456789abcdef0123456789abcdef01234567")], type: "g")
            $0.add(path, "x")
        },
        SourceForge.sdist("good-tar-contiguous-file") { $0.add(path, Array("x".utf8), type: "7") },
    ]

    private static func pax(_ trick: String, _ records: [(String, String)]) -> HostileDistribution {
        SourceForge.sdist(trick) {
            $0.addPax(records)
            $0.add(path, "x")
        }
    }

    private static func raw(_ trick: String, _ header: String) -> HostileDistribution {
        SourceForge.sdist(trick) {
            $0.add("PaxHeaders/member", Array(header.utf8), type: "x")
            $0.add(path, "x")
        }
    }

    private static func gnuName(_ trick: String, _ name: String) -> HostileDistribution {
        SourceForge.sdist(trick) {
            $0.add("././@LongLink", Array("\(name)\0".utf8), type: "L", isGNU: true)
            $0.add(path, "x")
        }
    }
}
