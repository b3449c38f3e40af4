// Members of a tar that are no files: links, devices, pipes.

enum TarLinkTricks {
    static let all = symbolicLinks + hardLinks + specials + sizes + harmless

    private static let symbolicLinks: [HostileDistribution] = [
        symbolicLink("tar-symbolic-link-absolute", to: "/etc/passwd"),
        symbolicLink("tar-symbolic-link-climbs", to: "../evil"),
        symbolicLink("tar-symbolic-link-climbs-later", to: "data/../../evil"),
        symbolicLink("tar-symbolic-link-to-above", to: ".."),
        symbolicLink("tar-symbolic-link-backslash", to: "..\\evil"),
        SourceForge.sdist("tar-symbolic-link-in-pax") {
            $0.addPax([("linkpath", "../../etc/passwd")])
            $0.add("demo-1.0/link", [], type: "2", link: "demo.py")
        },
        SourceForge.sdist("tar-symbolic-link-in-gnu-name") {
            $0.add("././@LongLink", Array("../../etc/passwd\0".utf8), type: "K", isGNU: true)
            $0.add("demo-1.0/link", [], type: "2", link: "demo.py")
        },
        SourceForge.sdist("tar-member-below-symbolic-link") {
            $0.add("demo-1.0/link", [], type: "2", link: "data")
            $0.add("demo-1.0/link/evil.py", "x")
        },
        SourceForge.sdist("tar-member-below-symbolic-link-in-other-case") {
            $0.add("demo-1.0/link", [], type: "2", link: "data")
            $0.add("demo-1.0/LINK/evil.py", "x")
        },
        // Each step stays inside; the second goes through the first.
        SourceForge.sdist("tar-chain-of-symbolic-links") {
            $0.add("demo-1.0/a/b/up", [], type: "2", link: "../..")
            $0.add("demo-1.0/a/b/up/out", [], type: "2", link: "../..")
        },
        SourceForge.sdist("tar-symbolic-link-replaced-by-file") {
            $0.add("demo-1.0/link", [], type: "2", link: "demo.py")
            $0.add("demo-1.0/link", "x")
        },
        SourceForge.bare("tar-top-directory-is-link") {
            $0.add("demo-1.0", [], type: "2", link: "/tmp")
            $0.add("demo-1.0/PKG-INFO", SourceForge.pkgInfo)
        },
    ]

    private static let hardLinks: [HostileDistribution] = [
        hardLink("tar-hard-link-absolute", to: "/etc/passwd"),
        hardLink("tar-hard-link-climbs", to: "demo-1.0/../../etc/passwd"),
        hardLink("tar-hard-link-outside", to: "etc/passwd"),
        hardLink("tar-hard-link-to-nowhere", to: ""),
        SourceForge.sdist("tar-hard-link-to-symbolic-link") {
            $0.add("demo-1.0/link", [], type: "2", link: "demo.py")
            $0.add("demo-1.0/hard", [], type: "1", link: "demo-1.0/link")
        },
        SourceForge.sdist("tar-hard-link-through-symbolic-link") {
            $0.add("demo-1.0/link", [], type: "2", link: "data")
            $0.add("demo-1.0/hard", [], type: "1", link: "demo-1.0/link/x")
        },
        // One reader replaces the name, another writes into the file that has both names.
        SourceForge.sdist("tar-hard-link-overwritten") {
            $0.add("demo-1.0/setup.py", "good = True\n")
            $0.add("demo-1.0/y", [], type: "1", link: "demo-1.0/setup.py")
            $0.add("demo-1.0/y", "evil = True\n")
        },
        SourceForge.sdist("tar-hard-link-overwritten-in-other-case") {
            $0.add("demo-1.0/y", [], type: "1", link: "demo-1.0/PKG-INFO")
            $0.add("demo-1.0/Y", "Name: other\n")
        },
        SourceForge.sdist("tar-hard-link-twice") {
            for _ in 1...2 { $0.add("demo-1.0/y", [], type: "1", link: "demo-1.0/demo.py") }
        },
        SourceForge.sdist("tar-symbolic-link-twice") {
            $0.add("demo-1.0/y", [], type: "2", link: "demo.py")
            $0.add("demo-1.0/y", [], type: "2", link: "PKG-INFO")
        },
        SourceForge.sdist("tar-symbolic-link-overwritten-in-other-case") {
            $0.add("demo-1.0/y", [], type: "2", link: "PKG-INFO")
            $0.add("demo-1.0/Y", "Name: other\n")
        },
    ]

    private static let specials: [HostileDistribution] = [
        special("tar-character-device", "3"), special("tar-block-device", "4"), special("tar-named-pipe", "6"),
        special("tar-member-of-unknown-type", "Z"), special("tar-gnu-dump-directory", "D"), special("tar-gnu-volume-name", "V"),
        special("tar-gnu-continued-file", "M"),
    ]

    /// Content behind what has none: some readers skip it, others read it as members.
    private static let sizes: [HostileDistribution] = [
        SourceForge.sdist("tar-symbolic-link-with-size") { $0.add("demo-1.0/link", hidden, type: "2", link: "demo.py") },
        SourceForge.sdist("tar-hard-link-with-size") { $0.add("demo-1.0/link", hidden, type: "1", link: "demo-1.0/demo.py") },
        SourceForge.sdist("tar-folder-with-size") { $0.add("demo-1.0/data/", hidden, type: "5") },
        SourceForge.sdist("tar-folder-of-old-with-size") { $0.add("demo-1.0/data/", hidden, type: "\0") },
    ]

    private static let hidden: [UInt8] = {
        var tar = TarForge()
        tar.add("demo-1.0/hidden.py", "evil = True\n")
        return tar.bytes
    }()

    private static let harmless: [HostileDistribution] = [
        symbolicLink("good-tar-symbolic-link-inside", to: "demo.py"),
        SourceForge.sdist("good-tar-symbolic-link-that-climbs-inside") { $0.add("demo-1.0/docs/demo.py", [], type: "2", link: "../demo.py") },
        hardLink("good-tar-hard-link-inside", to: "demo-1.0/demo.py"),
    ]

    private static func symbolicLink(_ trick: String, to target: String) -> HostileDistribution {
        SourceForge.sdist(trick) { $0.add("demo-1.0/link", [], type: "2", link: target) }
    }

    private static func hardLink(_ trick: String, to target: String) -> HostileDistribution {
        SourceForge.sdist(trick) { $0.add("demo-1.0/link", [], type: "1", link: target) }
    }

    private static func special(_ trick: String, _ type: Character) -> HostileDistribution {
        SourceForge.sdist(trick) { $0.add("demo-1.0/special", [], type: type) }
    }
}
