// A made-up index, the same each time.

import Distributions
import Foundation
import Packaging
import Registry

/// Projects by number: valid rows about files that nobody stored.
///
/// Numbers run in the order of names, and digests begin with a running number, so that every index of the database grows at its end.
struct MadeUpIndex: Sendable {
    let projects: Int
    /// In all projects together, roughly.
    let files: Int
    /// Whether every project has the same number of files, instead of most a few, some thousands and one 40,000.
    let isEven: Bool

    /// How many files the largest project has, and each of the twenty next ones.
    private var largest: Int { min(40_000, files / 2) }
    private var large: Int { min(5000, files / 200) }

    func fileCount(of number: Int) -> Int {
        if isEven { return max(1, files / projects) }
        if number == projects / 2 { return max(1, largest) }
        let step = max(1, projects / 20)
        if number % step == 0, number / step < 20 { return max(1, large) }
        let average = Double(max(0, files - largest - 20 * large)) / Double(projects)
        // A power law, as of real indexes: half of all projects have less than six tenths of the average.
        let chance = (Double(mixed(number) >> 11) + 0.5) / Double(1 << 53)
        return max(1, min(1500, Int(average * 0.4 * pow(chance, -0.6) + 0.5)))
    }

    func project(_ number: Int) throws -> BulkProject {
        let name = MadeUpNames.name(number, of: projects)
        let count = fileCount(of: number)
        let filesPerRelease = count < 100 ? 2 : 20
        let module = name.replacing("-", with: "_")
        let releases = try stride(from: 0, to: count, by: filesPerRelease).map { first in
            let version = try Version(MadeUpNames.version(first / filesPerRelease))
            let files = (first..<min(first + filesPerRelease, count)).map { position in
                file(module, version.description, position - first, ordinal: number << 20 | position)
            }
            return BulkProject.Release(version: version, isYanked: mixed(number << 20 | first) % 64 == 0, files: files)
        }
        return BulkProject(
            name: try ProjectName(name),
            uuid: uuid(number),
            summary: "The \(name) of everything",
            requiresPython: number % 3 == 0 ? ">=3.9" : ">=3.8",
            releases: releases
        )
    }

    /// - Parameter position: within the release.
    private func file(_ module: String, _ version: String, _ position: Int, ordinal: Int) -> BulkProject.File {
        let digests = digests(ordinal, size: Int64(2000 + mixed(ordinal) % 4_000_000))
        guard position > 0 else {
            return BulkProject.File(filename: "\(module)-\(version).tar.gz", digests: digests, metadata: nil, pythonVersion: "source")
        }
        let python = "cp3\(8 + position % 7)"
        let platform = ["manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "win_amd64", "macosx_11_0_arm64"][position % 4]
        return BulkProject.File(
            filename: "\(module)-\(version)-\(python)-\(python)-\(platform).whl",
            digests: digests,
            metadata: self.digests(ordinal, size: 2000),
            pythonVersion: python
        )
    }

    private func digests(_ ordinal: Int, size: Int64) -> Digests {
        // Indexes of different sizes share no digests.
        let words = [mixed(projects) & 0xFFFF << 48 | UInt64(ordinal)] + (1...3).map { mixed(ordinal &+ $0 << 50) }
        let text = words.map(hexadecimal).joined()
        return Digests(md5: String(text.prefix(32)), sha256: text, blake2b256: text, size: size)
    }

    private func uuid(_ number: Int) -> String {
        let text = hexadecimal(mixed(projects) & 0xFFFF << 48 | UInt64(number)) + hexadecimal(mixed(number))
        let (first, second, third) = (text.prefix(8), text.dropFirst(8).prefix(4), text.dropFirst(13).prefix(3))
        return "\(first)-\(second)-4\(third)-8\(text.dropFirst(17).prefix(3))-\(text.dropFirst(20))"
    }

    private func hexadecimal(_ word: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for position in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * position)) & 15
                buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 16
        }
    }

    /// As good as random, and the same each time.
    private func mixed(_ number: Int) -> UInt64 {
        var word = UInt64(bitPattern: Int64(number)) &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
