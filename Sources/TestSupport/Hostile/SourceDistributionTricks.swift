// What a source distribution must have, and what it may be called (index §2.13, §2.14).

import Distributions

enum SourceDistributionTricks {
    static let all = contents + names + zips + harmless

    private static let contents: [HostileDistribution] = [
        SourceForge.bare("sdist-without-pkg-info") { $0.add("demo-1.0/setup.py", "x") },
        SourceForge.bare("sdist-pkg-info-too-deep") { $0.add("demo-1.0/demo.egg-info/PKG-INFO", SourceForge.pkgInfo) },
        SourceForge.bare("sdist-pkg-info-in-other-case") { $0.add("demo-1.0/pkg-info", SourceForge.pkgInfo) },
        SourceForge.bare("sdist-pkg-info-at-root") { $0.add("PKG-INFO", SourceForge.pkgInfo) },
        SourceForge.sdist("sdist-pkg-info-twice") { $0.add("demo-1.0/PKG-INFO", SourceForge.pkgInfo) },
        SourceForge.bare("sdist-pkg-info-is-symbolic-link") {
            $0.add("demo-1.0/real", SourceForge.pkgInfo)
            $0.add("demo-1.0/PKG-INFO", [], type: "2", link: "real")
        },
        SourceForge.bare("sdist-pkg-info-is-hard-link") {
            $0.add("demo-1.0/real", SourceForge.pkgInfo)
            $0.add("demo-1.0/PKG-INFO", [], type: "1", link: "demo-1.0/real")
        },
        SourceForge.bare("sdist-pkg-info-is-folder") {
            $0.add("demo-1.0/PKG-INFO/", [], type: "5")
            $0.add("demo-1.0/setup.py", "x")
        },
        SourceForge.bare("sdist-pkg-info-too-large") {
            $0.add("demo-1.0/PKG-INFO", Array(SourceForge.pkgInfo.utf8) + [UInt8](repeating: 0x0A, count: 11 << 20))
        },
        SourceForge.sdist("sdist-without-its-license-file", fields: license("LICENSE")),
        SourceForge.sdist("sdist-license-file-in-other-folder", fields: license("licenses/MIT.txt")) { $0.add("demo-1.0/MIT.txt", "x") },
    ]

    private static let names: [HostileDistribution] = [
        SourceForge.sdist("sdist-named-for-another-project", filename: "other-1.0.tar.gz"),
        SourceForge.sdist("sdist-named-for-another-version", filename: "demo-2.0.tar.gz"),
        SourceForge.sdist("sdist-name-in-capitals", filename: "Demo-1.0.tar.gz"),
        SourceForge.sdist("sdist-version-not-normal", filename: "demo-1.00.tar.gz"),
        SourceForge.sdist("sdist-version-with-other-zeros", filename: "demo-1.0.0.tar.gz"),
        SourceForge.sdist("sdist-version-senseless", filename: "demo-one.tar.gz"),
        SourceForge.sdist("sdist-name-without-version", filename: "demo.tar.gz"),
        SourceForge.sdist("sdist-name-without-name", filename: "-1.0.tar.gz"),
        SourceForge.sdist("sdist-name-with-dash", filename: "my-demo-1.0.tar.gz", fields: [("name", "my-demo")]),
        SourceForge.sdist("sdist-implicit-post-release", filename: "demo-1.0-9.tar.gz", fields: [("version", "1.0.post9")]),
    ]

    /// The format of old: each is refused in the end, this one for its bytes and that one for its name.
    private static let zips: [HostileDistribution] = [
        zip("sdist-zip", ["demo-1.0/PKG-INFO", "demo-1.0/setup.py"]),
        zip("sdist-zip-without-pkg-info", ["demo-1.0/setup.py", "demo-1.0/x"]),
        zip("sdist-zip-with-two-top-directories", ["demo-1.0/PKG-INFO", "evil/setup.py"]),
        zip("sdist-zip-path-climbs", ["demo-1.0/PKG-INFO", "demo-1.0/../../evil.py"]),
        HostileDistribution("sdist-zip-is-a-tar", filename: "demo-1.0.zip", bytes: Compression.gzip(SourceForge.tar().finished())),
    ]

    private static let harmless: [HostileDistribution] = [
        SourceForge.sdist("good-sdist-with-its-license-files", fields: license("LICENSE") + [("license_file", "licenses/MIT.txt")]) {
            $0.add("demo-1.0/LICENSE", "x")
            $0.add("demo-1.0/licenses/MIT.txt", "x")
        },
        SourceForge.bare("good-sdist-directory-of-any-name") {
            $0.add("whatever/setup.py", "x")
            $0.add("whatever/PKG-INFO", SourceForge.pkgInfo)
        },
        SourceForge.sdist("good-sdist-of-two-readers") { $0.add("demo-1.0/demo.egg-info/PKG-INFO", "Name: other\n") },
    ]

    static func license(_ path: String) -> [(String, String)] { [("metadata_version", "2.4"), ("license_file", path)] }

    private static func zip(_ trick: String, _ paths: [String]) -> HostileDistribution {
        var zip = ZipForge()
        zip.members = paths.map { ZipForge.Member($0, Array(SourceForge.pkgInfo.utf8)) }
        return HostileDistribution(trick, filename: "demo-1.0.zip", bytes: zip.bytes())
    }
}
