// Wheels and source distributions made up on the spot, right unless told otherwise.

@testable import Distributions

struct MadeWheel {
    var name = "demo"
    var version = "1.0"
    /// Lines of METADATA behind name and version.
    var headers: [String] = []
    var generator = "maker (1.0)"
    var entryPoints: String?
    var files: [(path: String, content: [UInt8])] = []
    /// Rows of RECORD instead of the right ones, by path; an empty one leaves the file out.
    var rows: [String: String] = [:]

    init(_ version: String = "1.0", _ files: [(String, String)] = [("demo/__init__.py", "x = 1\n")]) {
        self.version = version
        self.files = files.map { ($0.0, Array($0.1.utf8)) }
    }

    var stem: String { "\(name)-\(version)" }
    var filename: String { "\(stem)-py3-none-any.whl" }

    var zip: ZipBuilder {
        var all = files
        let metadata = (["Metadata-Version: 2.5", "Name: \(name)", "Version: \(version)"] + headers).joined(separator: "\n") + "\n\ntext\n"
        all.append(("\(stem).dist-info/METADATA", Array(metadata.utf8)))
        let wheel = "Wheel-Version: 1.0\nGenerator: \(generator)\nRoot-Is-Purelib: true\nTag: py3-none-any\nTag: py2-none-any\n"
        all.append(("\(stem).dist-info/WHEEL", Array(wheel.utf8)))
        if let entryPoints { all.append(("\(stem).dist-info/entry_points.txt", Array(entryPoints.utf8))) }
        var record = ""
        for (path, content) in all { record += rows[path] ?? "\(path),sha256=\(Self.hash(content)),\(content.count)\n" }
        all.append(("\(stem).dist-info/RECORD", Array((record + "\(stem).dist-info/RECORD,,\n").utf8)))
        return ZipBuilder(members: all.map { ZipBuilder.Member(name: $0.path, content: $0.content, isDeflated: $0.content.count > 100) })
    }

    func contents() throws -> DistributionContents {
        try DistributionContents(wheel: ArchiveSource(bytes: zip.bytes()), filename: filename)
    }

    private static func hash(_ content: [UInt8]) -> String {
        let digits = Array(Digests(of: content).sha256)
        return URLSafeBase64.text(stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! })
    }
}

/// A `.tar.gz` of these files below `demo-1.0`.
func madeSource(_ files: [(String, String)], top: String = "demo-1.0", headers: [String] = []) -> [UInt8] {
    var tar = TarBuilder()
    tar.add("\(top)/", type: "5")
    let metadata = (["Metadata-Version: 2.5", "Name: demo", "Version: 1.0"] + headers).joined(separator: "\n") + "\n"
    tar.add("\(top)/PKG-INFO", Array(metadata.utf8))
    for (path, content) in files { tar.add("\(top)/\(path)", Array(content.utf8)) }
    return Compression.gzip(tar.ended)
}
