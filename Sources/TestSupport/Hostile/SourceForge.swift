// A right source distribution, and ways to spoil it.

import Distributions

/// The source distribution of `demo` 1.0 (PEP 517, PEP 625).
struct SourceForge {
    static let filename = "demo-1.0.tar.gz"
    static let pkgInfo = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"

    /// Its tar, before the end.
    static func tar() -> TarForge {
        var tar = TarForge()
        tar.add("demo-1.0/PKG-INFO", pkgInfo)
        tar.add("demo-1.0/pyproject.toml", "[build-system]\nrequires = []\n")
        tar.add("demo-1.0/demo.py", "__version__ = \"1.0\"\n")
        return tar
    }

    /// A right one with something added behind its members.
    static func sdist(
        _ trick: String,
        filename: String = filename,
        fields: [(String, String)] = [],
        _ spoil: (inout TarForge) -> Void = { _ in }
    ) -> HostileDistribution {
        var tar = tar()
        spoil(&tar)
        return HostileDistribution(trick, filename: filename, bytes: Compression.gzip(tar.finished()), fields: fields)
    }

    /// One made from nothing.
    static func bare(_ trick: String, fields: [(String, String)] = [], _ fill: (inout TarForge) -> Void) -> HostileDistribution {
        var tar = TarForge()
        fill(&tar)
        return HostileDistribution(trick, filename: filename, bytes: Compression.gzip(tar.finished()), fields: fields)
    }

    /// A right tar whose compressed bytes are spoilt.
    static func gzip(_ trick: String, _ spoil: (inout [UInt8]) -> Void) -> HostileDistribution {
        var bytes = Compression.gzip(tar().finished())
        spoil(&bytes)
        return HostileDistribution(trick, filename: filename, bytes: bytes)
    }
}
