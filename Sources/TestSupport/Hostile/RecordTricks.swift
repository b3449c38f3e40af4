// Lists of files that do not list the files (index §2.15, step 7). Most are for the owners to know of, and no reason to refuse.

enum RecordTricks {
    static let all: [HostileDistribution] = [
        record("record-not-utf8") { Array($0.utf8) + [0xE9, 0x0A] },
        record("record-in-utf16") { [0xFF, 0xFE] + $0.utf8.flatMap { [$0, 0] } },
        record("record-with-open-quote") { Array("\"demo/x,,\n\($0)".utf8) },
        record("record-with-endless-path") { Array("\($0)demo/\(String(repeating: "a", count: 1 << 20)),,\n".utf8) },
        record("good-record-empty") { _ in [] },
        record("good-record-with-blank-lines") { Array("\n\n\($0)\n\r\n".utf8) },
        record("good-record-with-wrong-hash") { Array($0.replacing("sha256=", with: "sha256=x").utf8) },
        record("good-record-with-wrong-size") { Array($0.split(separator: "\n").map { "\($0)9\n" }.joined().utf8) },
        record("good-record-without-a-file") { Array($0.split(separator: "\n").dropFirst().map { "\($0)\n" }.joined().utf8) },
        record("good-record-with-absent-file") { Array("demo/absent.py,,\n\($0)".utf8) },
        record("good-record-with-path-outside") { Array("../../../etc/passwd,,\n/etc/passwd,,\n\($0)".utf8) },
        record("good-record-with-backslashes") { Array($0.replacing("/", with: "\\").utf8) },
        record("good-record-with-windows-line-ends") { Array($0.replacing("\n", with: "\r\n").utf8) },
        record("good-record-with-file-twice") { Array("\($0)\($0)".utf8) },
        record("good-record-with-hash-of-old") { Array("demo/__init__.py,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\n\($0)".utf8) },
        record("good-record-with-unknown-hash") { Array($0.replacing("sha256=", with: "sha1337=").utf8) },
        record("good-record-without-hashes") { _ in
            Array("demo/__init__.py,,\ndemo-1.0.dist-info/METADATA,,\ndemo-1.0.dist-info/WHEEL,,\ndemo-1.0.dist-info/RECORD,,\n".utf8)
        },
        record("good-record-with-padded-hashes") { Array($0.replacing(",1", with: "=,1").utf8) },
        record("good-record-with-many-columns") { Array($0.replacing("\n", with: ",more,,,\n").utf8) },
        record("good-record-of-paths-only") { Array($0.split(separator: "\n").map { "\($0.prefix { $0 != "," })\n" }.joined().utf8) },
        WheelForge.wheel("good-record-with-quoted-path") {
            $0.modules.append(("demo/a,\"b\".txt", Array("x".utf8)))
            $0.forgeRecord = { Array($0.replacing("demo/a,\"b\".txt", with: "\"demo/a,\"\"b\"\".txt\"").utf8) }
        },
        signed("good-record-jws", "RECORD.jws"),
        signed("good-record-p7s", "RECORD.p7s"),
    ]

    private static func record(_ trick: String, _ forge: @escaping (String) -> [UInt8]) -> HostileDistribution {
        WheelForge.wheel(trick) { $0.forgeRecord = forge }
    }

    /// A signature can not be listed in what it signs.
    private static func signed(_ trick: String, _ name: String) -> HostileDistribution {
        WheelForge.zip(trick) { $0.members.append(ZipForge.Member("demo-1.0.dist-info/\(name)", Array("{}".utf8))) }
    }
}
