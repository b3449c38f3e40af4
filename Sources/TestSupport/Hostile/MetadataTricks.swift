// Metadata inside of the file that says otherwise than the form it came with.

import Distributions

enum MetadataTricks {
    static let all = wheels + damaged + sdists + harmless

    private static let base = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"

    private static let wheels: [HostileDistribution] = [
        wheel("metadata-of-another-name", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"),
        wheel("metadata-of-another-version", "Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n"),
        wheel("metadata-of-local-version", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0+local\n"),
        wheel("metadata-adds-dependency", base + "Requires-Dist: evil\n"),
        wheel("metadata-hides-dependency", base, fields: [("requires_dist", "good")]),
        wheel("metadata-moves-dependency", base + "Requires-Dist: good @ https://example.org/good.whl\n", fields: [("requires_dist", "good")]),
        wheel("metadata-of-another-dependency-version", base + "Requires-Dist: good<2\n", fields: [("requires_dist", "good>=2")]),
        wheel("metadata-drops-a-marker", base + "Requires-Dist: good\n", fields: [("requires_dist", "good; python_version < \"3\"")]),
        wheel("metadata-adds-python", base + "Requires-Python: >=3.8\n"),
        wheel("metadata-hides-python", base, fields: [("requires_python", ">=3.8")]),
        wheel("metadata-of-another-python", base + "Requires-Python: >=2.7\n", fields: [("requires_python", ">=3.8")]),
        wheel("metadata-adds-extra", base + "Provides-Extra: tests\nProvides-Extra: evil\n", fields: [("provides_extra", "tests")]),
        wheel("metadata-adds-dependency-unknown", base + "Requires-Dist: UNKNOWN\n"),
        wheel("metadata-hides-extra", base, fields: [("provides_extra", "tests")]),
    ]

    private static let damaged: [HostileDistribution] = [
        wheel("metadata-empty", ""),
        wheel("metadata-without-name", "Metadata-Version: 2.1\nVersion: 1.0\n"),
        wheel("metadata-without-version", "Metadata-Version: 2.1\nName: demo\n"),
        wheel("metadata-begins-with-body", "\n" + base),
        wheel("metadata-is-json", "{\"name\": \"demo\", \"version\": \"1.0\"}\n"),
        wheel("metadata-name-twice", base + "Name: other\n"),
        wheel("metadata-version-twice", base + "Version: 2.0\n"),
        wheel("metadata-python-twice", base + "Requires-Python: >=3\nRequires-Python: >=2\n", fields: [("requires_python", ">=3")]),
        wheel("metadata-dependency-senseless", base + "Requires-Dist: good >>> 1\n", fields: [("requires_dist", "good")]),
        wheel("metadata-of-the-future-without-fields", "Metadata-Version: 9.9\n"),
        wheel("metadata-in-utf16", bytes: [0xFF, 0xFE] + base.utf8.flatMap { [$0, 0] }),
        wheel("metadata-name-not-utf8", bytes: Array("Metadata-Version: 2.1\nName: demo".utf8) + [0xE9] + Array("\nVersion: 1.0\n".utf8)),
        wheel("metadata-dependency-not-utf8", bytes: Array("\(base)Requires-Dist: ".utf8) + [0xE9, 0x0A]),
    ]

    private static let sdists: [HostileDistribution] = [
        sdist("pkg-info-of-another-name", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"),
        sdist("pkg-info-of-another-version", "Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n"),
        sdist("pkg-info-empty", ""),
        sdist("pkg-info-adds-dependency", base + "Requires-Dist: evil\n"),
        sdist("pkg-info-hides-dependency", "Metadata-Version: 2.2\nName: demo\nVersion: 1.0\n", fields: [("requires_dist", "good")]),
        sdist("pkg-info-makes-name-dynamic", "Metadata-Version: 2.2\nName: other\nVersion: 1.0\nDynamic: Name\n"),
    ]

    private static let harmless: [HostileDistribution] = [
        wheel(
            "good-metadata-name-spelled-otherwise",
            "Metadata-Version: 2.1\nName: De.mo\nVersion: 1.0\n",
            fields: [("name", "de-mo")],
            stem: "de_mo-1.0"
        ),
        wheel("good-metadata-version-spelled-otherwise", "Metadata-Version: 2.1\nName: demo\nVersion: v1.0.0\n"),
        wheel("good-metadata-of-the-future", base.replacing("2.1", with: "9.9") + "Telepathy: yes\n"),
        wheel("good-metadata-with-windows-line-ends", base.replacing("\n", with: "\r\n")),
        wheel(
            "good-metadata-dependencies-spelled-otherwise",
            base + "Requires-Dist: Good_Thing (<3,>=2)\nRequires-Dist: other[b,a]; python_version<'3'\n",
            fields: [("requires_dist", "other[a,b] ; python_version < \"3\""), ("requires_dist", "good-thing>=2,<3")]
        ),
        wheel("good-metadata-with-extra-the-form-leaves-out", base + "Provides-Extra: tests\n"),
        wheel("good-metadata-with-extra-by-pdm", base + "Provides-Extra: tests\n", fields: [("provides_extras", "tests")]),
        wheel("good-metadata-with-empty-values", base + "Requires-Dist:\nProvides-Extra:\nRequires-Python: UNKNOWN\n"),
        wheel("good-metadata-python-spelled-otherwise", base + "Requires-Python: >=3.8, <4\n", fields: [("requires_python", "<4,>=3.8")]),
        wheel("good-metadata-with-long-description", base + "\n" + String(repeating: "A long story.\n", count: 10_000)),
        wheel("good-metadata-author-not-utf8", bytes: Array("\(base)Author: Jos".utf8) + [0xE9, 0x0A]),
        sdist(
            "good-pkg-info-of-dynamic-dependencies",
            "Metadata-Version: 2.2\nName: demo\nVersion: 1.0\nDynamic: Requires-Dist\n",
            fields: [("requires_dist", "good")]
        ),
        sdist("good-pkg-info-of-old-silent-on-dependencies", base, fields: [("requires_dist", "good")]),
    ]

    private static func wheel(_ trick: String, _ text: String, fields: [(String, String)] = [], stem: String = "demo-1.0") -> HostileDistribution {
        wheel(trick, bytes: Array(text.utf8), fields: fields, stem: stem)
    }

    private static func wheel(
        _ trick: String,
        bytes: [UInt8],
        fields: [(String, String)] = [],
        stem: String = "demo-1.0"
    ) -> HostileDistribution {
        WheelForge.wheel(trick, fields: fields) {
            $0.metadata = bytes
            $0.stem = stem
        }
    }

    private static func sdist(_ trick: String, _ text: String, fields: [(String, String)] = []) -> HostileDistribution {
        SourceForge.bare(trick, fields: fields) { $0.add("demo-1.0/PKG-INFO", text) }
    }
}
