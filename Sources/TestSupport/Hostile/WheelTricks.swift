// What a wheel must have, and what it may be called (index §2.13, §2.15).

enum WheelTricks {
    static let all = missing + distInfo + names + platforms + harmless

    private static let missing: [HostileDistribution] = [
        without("wheel-without-wheel-file", "WHEEL"),
        without("wheel-without-metadata", "METADATA"),
        without("wheel-without-record", "RECORD"),
        twice("wheel-file-twice", "WHEEL"),
        twice("wheel-metadata-twice", "METADATA"),
        twice("wheel-record-twice", "RECORD"),
        WheelForge.zip("wheel-metadata-is-folder") { rename("demo-1.0.dist-info/METADATA", to: "demo-1.0.dist-info/METADATA/", in: &$0) },
        WheelForge.zip("wheel-metadata-in-other-case") { rename("demo-1.0.dist-info/METADATA", to: "demo-1.0.dist-info/metadata", in: &$0) },
        WheelForge.wheel("wheel-metadata-too-large") { $0.metadata += [UInt8](repeating: 0x0A, count: 11 << 20) },
        WheelForge.wheel("wheel-without-its-license-file", fields: SourceDistributionTricks.license("LICENSE")) { _ in },
        WheelForge.wheel("wheel-license-file-outside-licenses", fields: SourceDistributionTricks.license("LICENSE")) {
            $0.extras = [("LICENSE", Array("x".utf8))]
        },
    ]

    /// Which `.dist-info` counts.
    private static let distInfo: [HostileDistribution] = [
        spelled("wheel-dist-info-in-capitals", "Demo-1.0.dist-info"),
        spelled("wheel-dist-info-of-another-version", "demo-1.0.0.dist-info"),
        spelled("wheel-dist-info-of-another-project", "other-1.0.dist-info"),
        spelled("wheel-dist-info-not-at-top", "demo/demo-1.0.dist-info"),
        WheelForge.wheel("wheel-with-two-dist-infos") {
            $0.modules += [("other-2.0.dist-info/METADATA", Array("Metadata-Version: 2.1\nName: other\nVersion: 2.0\n".utf8))]
        },
        WheelForge.wheel("wheel-with-two-dist-infos-in-other-case") { $0.modules += [("other-2.0.DIST-INFO/METADATA", [])] },
        added("wheel-with-two-dist-infos-one-behind-a-dot", "./other-2.0.dist-info/METADATA"),
        added("wheel-with-two-dist-infos-one-with-a-stop", "other-2.0.dist-info./METADATA"),
        added("wheel-entry-points-in-other-case", "demo-1.0.dist-info/ENTRY_POINTS.TXT"),
        added("wheel-dist-info-file-behind-a-dot", "./demo-1.0.dist-info/entry_points.txt"),
        added("wheel-dist-info-in-purelib", "demo-1.0.data/purelib/demo-1.0.dist-info/METADATA"),
        added("wheel-dist-info-in-platlib", "demo-1.0.data/platlib/other-2.0.dist-info/METADATA"),
        added("wheel-dist-info-in-purelib-in-other-case", "demo-1.0.data/PURELIB/other-2.0.DIST-INFO/METADATA"),
        added("wheel-dist-info-in-purelib-of-another", "other-2.0.data/purelib/other-2.0.dist-info/METADATA"),
        added("wheel-dist-info-in-data", "demo-1.0.data/data/lib/python3.13/site-packages/other-2.0.dist-info/METADATA"),
        added("wheel-path-too-deep", "demo/" + String(repeating: "a/", count: 2000) + "x"),
    ]

    private static let names: [HostileDistribution] = [
        renamed("wheel-named-for-another-project", "other-1.0-py3-none-any.whl"),
        renamed("wheel-named-for-another-version", "demo-2.0-py3-none-any.whl"),
        renamed("wheel-name-in-capitals", "Demo-1.0-py3-none-any.whl"),
        renamed("wheel-name-with-dot", "my.demo-1.0-py3-none-any.whl", name: "my-demo"),
        renamed("wheel-name-with-two-underscores", "my__demo-1.0-py3-none-any.whl", name: "my-demo"),
        renamed("wheel-name-of-two-parts", "demo-1.0.whl"),
        renamed("wheel-name-of-four-parts", "demo-1.0-py3-none.whl"),
        renamed("wheel-name-of-seven-parts", "demo-1.0-1-2-py3-none-any.whl"),
        renamed("wheel-build-tag-without-digit", "demo-1.0-x1-py3-none-any.whl"),
        renamed("wheel-build-tag-empty", "demo-1.0--py3-none-any.whl"),
        renamed("wheel-version-senseless", "demo-one-py3-none-any.whl"),
        renamed("wheel-version-in-other-digits", "demo-\u{FF11}.0-py3-none-any.whl"),
        renamed("wheel-tag-with-empty-part", "demo-1.0-py3.-none-any.whl"),
        renamed("wheel-without-name", "-1.0-py3-none-any.whl"),
        renamed("wheel-with-local-version", "demo-1.0+local-py3-none-any.whl"),
    ]

    private static let platforms: [HostileDistribution] = [
        tagged("wheel-for-plain-linux", "cp313-cp313-linux_x86_64"),
        tagged("wheel-for-unknown-windows", "cp313-cp313-win_mips"),
        tagged("wheel-for-macos-that-never-was", "cp313-cp313-macosx_16_0_arm64"),
        tagged("wheel-for-macos-without-architecture", "cp313-cp313-macosx_11_0"),
        tagged("wheel-for-unknown-manylinux", "cp313-cp313-manylinux_2_x86_64"),
        tagged("wheel-for-old-manylinux-elsewhere", "cp313-cp313-manylinux1_aarch64"),
        tagged("wheel-for-musllinux-elsewhere", "cp313-cp313-musllinux_1_2_ppc64"),
        tagged("wheel-for-good-and-bad-platform", "py3-none-any.linux_x86_64"),
        tagged("wheel-for-no-platform", "py3-none-none"),
    ]

    private static let harmless: [HostileDistribution] = [
        WheelForge.wheel("good-wheel-version-not-normal") { $0.stem = "demo-1.0.0" },
        WheelForge.wheel("good-wheel-build-tag") { $0.tag = "1local-py3-none-any" },
        tagged("good-wheel-many-tags", "cp39.cp310.pp39-abi3.none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_2_x86_64"),
        tagged("good-wheel-for-everything", "py2.py3-none-any"),
        tagged("good-wheel-for-macos-in-capitals", "cp313-cp313-MACOSX_11_0_arm64"),
        WheelForge.wheel(
            "good-wheel-with-its-license-files",
            fields: SourceDistributionTricks.license("LICENSE") + [("license_file", "vendor/MIT.txt")]
        ) { $0.extras = [("licenses/LICENSE", Array("x".utf8)), ("licenses/vendor/MIT.txt", Array("x".utf8))] },
        WheelForge.wheel("good-wheel-with-vendored-dist-info") {
            $0.modules += [("demo/_vendor/other-2.0.dist-info/METADATA", Array("Name: other\n".utf8))]
        },
        WheelForge.wheel("good-wheel-with-data-folder") { $0.modules += [("demo-1.0.data/scripts/demo", Array("#!python\n".utf8))] },
        added("good-wheel-with-dist-info-vendored-in-data", "demo-1.0.data/purelib/demo/_vendor/other-2.0.dist-info/METADATA"),
        WheelForge.wheel("good-wheel-of-metadata-only") { $0.modules = [] },
    ]

    private static func added(_ trick: String, _ path: String) -> HostileDistribution {
        WheelForge.wheel(trick) { $0.modules += [(path, Array("Name: other\n".utf8))] }
    }

    private static func without(_ trick: String, _ file: String) -> HostileDistribution {
        WheelForge.zip(trick) { $0.members.removeAll { $0.central?.name == Array("demo-1.0.dist-info/\(file)".utf8) } }
    }

    private static func twice(_ trick: String, _ file: String) -> HostileDistribution {
        WheelForge.zip(trick) { $0.members.append(ZipForge.Member("demo-1.0.dist-info/\(file)", Array("Name: other\n".utf8))) }
    }

    private static func rename(_ path: String, to other: String, in zip: inout ZipForge) {
        var member = zip[path]
        member.describe { $0.name = Array(other.utf8) }
        zip[path] = member
    }

    private static func spelled(_ trick: String, _ folder: String) -> HostileDistribution {
        WheelForge.zip(trick) { zip in
            for file in ["METADATA", "WHEEL", "RECORD"] { rename("demo-1.0.dist-info/\(file)", to: "\(folder)/\(file)", in: &zip) }
        }
    }

    /// A wheel whose `.dist-info` follows its name, whatever that is.
    private static func renamed(_ trick: String, _ filename: String, name: String = "demo") -> HostileDistribution {
        var forge = WheelForge()
        forge.stem = filename.split(separator: "-", omittingEmptySubsequences: false).prefix(2).joined(separator: "-")
        forge.metadata = Array("Metadata-Version: 2.1\nName: \(name)\nVersion: 1.0\n".utf8)
        return HostileDistribution(trick, filename: filename, bytes: forge.zip().bytes(), fields: name == "demo" ? [] : [("name", name)])
    }

    private static func tagged(_ trick: String, _ tag: String) -> HostileDistribution { WheelForge.wheel(trick) { $0.tag = tag } }
}
