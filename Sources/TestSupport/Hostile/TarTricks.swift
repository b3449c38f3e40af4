// Compression and paths of a `.tar.gz` that readers stumble over.

import Distributions

enum TarTricks {
    static let all = compression + bombs + paths + harmless

    private static let compression: [HostileDistribution] = [
        SourceForge.gzip("gzip-truncated") { $0.removeLast($0.count / 3) },
        SourceForge.gzip("gzip-without-trailer") { $0.removeLast(8) },
        SourceForge.gzip("gzip-trailing-garbage") { $0 += Array("garbage behind the end".utf8) },
        SourceForge.gzip("gzip-wrong-checksum") { $0[$0.count - 8] ^= 1 },
        SourceForge.gzip("gzip-wrong-length") { $0[$0.count - 1] ^= 1 },
        SourceForge.gzip("gzip-second-member-truncated") { $0 += Compression.gzip([UInt8](repeating: 0, count: 512)).dropLast(9) },
        HostileDistribution("gzip-absent", filename: SourceForge.filename, bytes: SourceForge.tar().finished()),
        HostileDistribution("gzip-of-text", filename: SourceForge.filename, bytes: Compression.gzip(Array("not a tar".utf8))),
        HostileDistribution("gzip-of-nothing", filename: SourceForge.filename, bytes: Compression.gzip([])),
        HostileDistribution("gzip-of-gzip", filename: SourceForge.filename, bytes: Compression.gzip(Compression.gzip(SourceForge.tar().finished()))),
        HostileDistribution(
            "bzip2-under-the-name-of-gzip",
            filename: SourceForge.filename,
            bytes: Array("BZh91AY&SY".utf8) + [UInt8](repeating: 7, count: 600)
        ),
    ]

    private static let bombs: [HostileDistribution] = [
        HostileDistribution("gzip-bomb", filename: SourceForge.filename, bytes: Compression.gzip([UInt8](repeating: 0, count: 66 << 20))),
        SourceForge.sdist("tar-bomb") { $0.add("demo-1.0/zeros", [UInt8](repeating: 0, count: 66 << 20)) },
        SourceForge.sdist("tar-bomb-behind-the-end") { $0.append(raw: [UInt8](repeating: 0, count: 66 << 20)) },
    ]

    private static let paths: [HostileDistribution] = [
        path("tar-path-climbs", "demo-1.0/../../evil.py"),
        path("tar-path-climbs-at-once", "../evil.py"),
        path("tar-path-climbs-to-top", "demo-1.0/../demo-1.0/evil.py"),
        path("tar-path-absolute", "/etc/cron.d/evil"),
        path("tar-path-drive-letter", "C:/evil.py"),
        path("tar-path-backslash", "demo-1.0\\..\\evil.py"),
        path("tar-path-backslash-inside", "demo-1.0/..\\..\\evil.py"),
        path("tar-second-top-directory", "evil/setup.py"),
        path("tar-file-outside-top-directory", "setup.py"),
        path("tar-top-directory-in-other-case", "Demo-1.0/setup.py"),
        SourceForge.sdist("tar-file-is-also-folder") {
            $0.add("demo-1.0/data", "x")
            $0.add("demo-1.0/data/x.py", "x")
        },
        SourceForge.sdist("tar-file-is-also-empty-folder") {
            $0.add("demo-1.0/data", "x")
            $0.add("demo-1.0/data/", [], type: "5")
        },
        SourceForge.sdist("tar-path-too-long") {
            $0.addPax([("path", "demo-1.0/" + String(repeating: "x", count: 5000))]); $0.add("x")
        },
        SourceForge.sdist("tar-path-too-deep") {
            $0.addPax([("path", "demo-1.0/" + String(repeating: "a/", count: 2000) + "x")])
            $0.add("x")
        },
        // A few kilobytes when compressed.
        SourceForge.sdist("tar-paths-too-long-together") {
            let folders = String(repeating: String(repeating: "a", count: 79) + "/", count: 50)
            for number in 0..<8400 {
                $0.addPax([("path", "demo-1.0/\(folders)\(number)")])
                $0.add("x")
            }
        },
        SourceForge.sdist("tar-file-given-twice-with-other-content") { $0.add("demo-1.0/demo.py", "__version__ = \"1.0\"  # again\n") },
        SourceForge.sdist("tar-pkg-info-in-two-cases") { $0.add("demo-1.0/pkg-info", SourceForge.pkgInfo + "Requires-Dist: evil\n") },
        SourceForge.sdist("tar-pyproject-in-two-cases") { $0.add("demo-1.0/PyProject.toml", "[build-system]\nrequires = [\"evil\"]\n") },
        SourceForge.sdist("tar-setup-in-two-cases") {
            $0.add("demo-1.0/Setup.py", "evil = True\n")
            $0.add("demo-1.0/setup.py", "good = True\n")
        },
        // GNU's headers have no such field; some readers look there all the same.
        SourceForge.sdist("tar-path-prefix-for-some-readers") { $0.add("evil.py", Array("x".utf8), isGNU: true, prefix: "demo-1.0/../..") },
        SourceForge.sdist("tar-path-empty") { $0.add("", "x") },
        SourceForge.sdist("tar-path-not-utf8") {
            var records = TarForge.paxRecord("path", "demo-1.0/#")
            records[records.count - 2] = 0xE9
            $0.add("PaxHeaders/member", records, type: "x")
            $0.add("demo-1.0/x", "x")
        },
        // Everything of worth lies where readers have stopped.
        SourceForge.bare("tar-pkg-info-behind-the-end") {
            $0.add("demo-1.0/setup.py", "x")
            $0.append(raw: [UInt8](repeating: 0, count: 1024))
            $0.add("demo-1.0/PKG-INFO", SourceForge.pkgInfo)
        },
    ]

    private static let harmless: [HostileDistribution] = [
        SourceForge.gzip("good-gzip-zero-padding") { $0 += [UInt8](repeating: 0, count: 512) },
        HostileDistribution(
            "good-gzip-of-two-members",
            filename: SourceForge.filename,
            bytes: { Compression.gzip(Array($0.prefix(700))) + Compression.gzip(Array($0.dropFirst(700))) }(SourceForge.tar().finished())
        ),
        SourceForge.sdist("good-tar-without-end") { $0.isEnded = false },
        SourceForge.sdist("good-tar-padded-to-records") { $0.append(raw: [UInt8](repeating: 0, count: 10_240)) },
        SourceForge.bare("good-tar-with-leading-dots") {
            $0.add("./", [], type: "5")
            $0.add("./demo-1.0/", [], type: "5")
            $0.add("./demo-1.0/PKG-INFO", SourceForge.pkgInfo)
        },
        SourceForge.sdist("good-tar-empty-folders") {
            $0.add("demo-1.0/", [], type: "5")
            $0.add("demo-1.0/data", [], type: "5")
        },
        SourceForge.sdist("good-tar-file-given-twice") { $0.add("demo-1.0/demo.py", "__version__ = \"1.0\"\n") },
        SourceForge.sdist("good-tar-names-in-two-cases") {
            $0.add("demo-1.0/tests/data", "x")
            $0.add("demo-1.0/tests/DATA", "x")
            $0.add("demo-1.0/tests/Data/x", "x")
        },
        SourceForge.sdist("good-tar-names-with-two-dots") { $0.add("demo-1.0/..data/a..b.txt", "x") },
    ]

    private static func path(_ trick: String, _ path: String) -> HostileDistribution { SourceForge.sdist(trick) { $0.add(path, "evil = True\n") } }
}
