// Which trick breaks which rule: every row of index §2.13 to §2.15 has at least one bad distribution of its own.

import TestSupport
import Testing

struct HostileRulesTests {
    /// A row of the specification and the tricks that it must catch.
    private static let rules: [(rule: String, tricks: [String])] = [
        ("§2.13 both a zip and a tar", ["tar-gz-that-is-also-a-zip", "wheel-that-is-also-a-tar"]),
        ("§2.13 not what the extension says", ["wheel-that-is-only-a-tar", "tar-gz-that-is-only-a-zip", "zip-is-text", "gzip-absent"]),
        ("§2.13 zip: expansion ratio", ["zip-bomb", "zip-bomb-of-many-members"]),
        ("§2.13 zip: stored or deflated only", ["zip-bzip2-method", "zip-lzma-method", "zip-zstd-method", "zip-deflate64-method"]),
        ("§2.13 .zip: one top-level directory with PKG-INFO", ["sdist-zip-with-two-top-directories", "sdist-zip-without-pkg-info"]),
        ("§2.13 .whl: three parts and the WHEEL file", ["wheel-without-wheel-file", "wheel-name-of-two-parts", "wheel-dist-info-in-capitals"]),
        ("§2.13 content scan", ["content-pyarmor", "content-sourcedefender"]),
        ("§2.13 framing: unknown signature, prefix", ["zip-unknown-record", "zip-prefix", "zip-gap-between-members"]),
        ("§2.13 framing: data after the end record", ["zip-data-after-end-record", "zip-zero-after-end-record"]),
        ("§2.13 framing: data-descriptor flag", ["zip-streaming-flag", "zip-data-descriptor"]),
        ("§2.13 framing: local name not UTF-8, control bytes", ["zip-local-name-not-utf8", "zip-local-name-with-control-byte"]),
        ("§2.13 framing: local name missing in the directory, twice", ["zip-member-hidden-from-directory", "zip-member-twice-only-in-front"]),
        (
            "§2.13 framing: directory name with control bytes, twice, missing locally",
            ["zip-directory-name-with-control-byte", "zip-member-twice-only-in-directory", "zip-member-only-in-directory"]
        ),
        ("§2.13 framing: sizes differ", ["zip-compressed-sizes-differ", "zip-uncompressed-sizes-differ", "zip64-sizes-differ"]),
        ("§2.13 framing: extra fields truncated", ["zip-extra-field-cut-short", "zip-extra-field-cut-short-in-directory"]),
        ("§2.13 framing: duplicate extra ids", ["zip64-extra-twice", "zip-unicode-path-twice"]),
        ("§2.13 framing: Unicode path", ["zip-unicode-path-not-utf8", "zip-unicode-path-with-control-byte"]),
        (
            "§2.13 framing: ZIP64 lengths",
            ["zip64-extra-of-12-bytes", "zip64-extra-empty", "zip64-extra-with-one-size-of-deflated-member"]
        ),
        ("§2.13 framing: entry comment", ["zip-member-comment"]),
        (
            "§2.13 framing: end record disagrees",
            ["zip-end-counts-two-ways", "zip-end-counts-too-few", "zip-end-with-wrong-offset", "zip-end-with-wrong-size"]
        ),
        (
            "§2.13 framing: ZIP64 end record",
            ["zip64-end-with-extensible-data", "zip64-end-without-locator", "zip64-end-with-wrong-size", "zip64-end-counts-two-ways"]
        ),
        ("§2.13 tar: decompression", ["gzip-truncated", "gzip-wrong-checksum", "gzip-wrong-length", "gzip-of-nothing"]),
        ("§2.13 tar: sparse members", ["tar-sparse-gnu", "tar-sparse-pax"]),
        ("§2.13 tar: one top-level directory", ["tar-second-top-directory", "tar-file-outside-top-directory"]),
        ("§2.13 tar: PKG-INFO", ["sdist-without-pkg-info", "sdist-pkg-info-too-deep"]),
        (
            "§13: what the reference lets pass in tars",
            ["tar-bomb", "tar-path-climbs", "tar-path-absolute", "tar-symbolic-link-climbs", "tar-hard-link-outside", "tar-block-device"]
        ),
        (
            "§13: what the reference lets pass in zips",
            ["zip-encrypted-member", "zip-paths-differ-in-case", "zip-paths-differ-in-unicode-form", "zip-path-climbs"]
        ),
        ("§2.14 1 name and version", ["sdist-version-senseless", "sdist-name-without-version"]),
        ("§2.14 2 implicit post release", ["sdist-implicit-post-release"]),
        ("§2.14 3 the project's name", ["sdist-named-for-another-project"]),
        ("§2.14 4 PEP 625", ["sdist-name-in-capitals", "sdist-version-not-normal", "sdist-name-with-dash", "sdist-zip"]),
        ("§2.14 5 licence files", ["sdist-without-its-license-file"]),
        (
            "§2.15 1 PEP 427 name",
            ["wheel-name-of-seven-parts", "wheel-name-with-two-underscores", "wheel-version-senseless", "wheel-build-tag-without-digit"]
        ),
        (
            "§2.15 2 platforms",
            ["wheel-for-plain-linux", "wheel-for-macos-that-never-was", "wheel-for-unknown-manylinux", "wheel-for-musllinux-elsewhere"]
        ),
        ("§2.15 3 the project's name", ["wheel-named-for-another-project"]),
        ("§2.15 4 the name as it is spelled", ["wheel-name-in-capitals", "wheel-name-with-dot"]),
        ("§2.15 5 the version", ["wheel-named-for-another-version"]),
        ("§2.15 6 licence files", ["wheel-without-its-license-file", "wheel-license-file-outside-licenses"]),
        ("§2.15 7 RECORD", ["wheel-without-record", "record-not-utf8"]),
        (
            "§2.15 8 entry points",
            ["entry-points-not-utf8", "entry-points-before-any-group", "entry-point-climbs", "entry-point-climbs-in-gui-scripts"]
        ),
        ("§2.15 9 METADATA, names too long", ["wheel-without-metadata", "filename-longer-than-any-disk-allows"]),
    ]

    /// What the rows allow: a rule that refuses too much is as wrong.
    private static let freedoms: [(rule: String, tricks: [String])] = [
        ("§2.13 archive comment", ["good-zip-archive-comment"]), ("§2.15 5 versions are equal, not alike", ["good-wheel-version-not-normal"]),
        (
            "§2.15 7 RECORD mismatch",
            ["good-record-without-a-file", "good-record-with-absent-file", "good-record-with-backslashes", "good-record-jws"]
        ),
        ("§13.24 blank RECORD lines", ["good-record-with-blank-lines"]), ("§2.15 8 other groups", ["good-entry-points-of-other-groups"]),
    ]

    @Test(arguments: rules.map(\.rule)) func `each rule has bad distributions that it refuses`(rule: String) throws {
        try check(Self.rules, rule) { $0 == 400 }
    }

    @Test(arguments: freedoms.map(\.rule)) func `each freedom has odd distributions that pass`(rule: String) throws {
        try check(Self.freedoms, rule) { $0 == 200 }
    }

    private func check(_ rows: [(rule: String, tricks: [String])], _ rule: String, isRight: (Int) -> Bool) throws {
        let tricks = try #require(rows.first { $0.rule == rule }).tricks
        for trick in tricks {
            let verdict = try #require(HostileDistributionsTests.verdicts.first { $0.trick == trick }, "\(rule): there is no trick \(trick)")
            #expect(isRight(verdict.status), "\(rule): \(trick)")
        }
    }
}
