// Wheels and source distributions made up on the spot.

import Crypto
import Distributions
import Foundation
import Packaging

/// Builds valid distributions, for tests and for `emporium seed`.
package struct DistributionBuilder: Sendable {
    package var name: String
    package var version: String
    /// Lines of METADATA behind name and version, such as `Requires-Python: >=3.8`.
    package var headers: [String] = []
    package var description = ""
    /// Further members of the package, by their path.
    package var members: [(path: String, content: [UInt8])] = []

    package init(_ name: String, _ version: String) {
        self.name = name
        self.version = version
    }

    private var stem: String { "\(NormalizedName(normalizing: name).underscored)-\(version)" }

    /// The core metadata as both kinds of distribution hold it.
    package var metadata: String {
        (["Metadata-Version: 2.1", "Name: \(name)", "Version: \(version)"] + headers).joined(separator: "\n") + "\n\n" + description
    }

    /// A wheel with a right RECORD.
    package func wheel(tag: String = "py3-none-any") -> (filename: String, bytes: [UInt8]) {
        let module = NormalizedName(normalizing: name).underscored
        var files: [(String, [UInt8])] = [("\(module)/__init__.py", Array("__version__ = \"\(version)\"\n".utf8))]
        files += members.map { ("\(module)/\($0.path)", $0.content) }
        files += [
            ("\(stem).dist-info/METADATA", Array(metadata.utf8)),
            ("\(stem).dist-info/WHEEL", Array("Wheel-Version: 1.0\nGenerator: emporium\nRoot-Is-Purelib: true\nTag: \(tag)\n".utf8)),
        ]
        var record = ""
        var zip = ZipWriter()
        for (path, content) in files {
            let hash = Data(SHA256.hash(data: content)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=",
                with: ""
            )
            record += "\(path),sha256=\(hash),\(content.count)\n"
            zip.add(path, content)
        }
        zip.add("\(stem).dist-info/RECORD", record + "\(stem).dist-info/RECORD,,\n")
        return ("\(stem)-\(tag).whl", zip.finished())
    }

    /// A source distribution.
    package func sourceDistribution() -> (filename: String, bytes: [UInt8]) {
        var tar: [UInt8] = []
        let files: [(String, [UInt8])] =
            [("PKG-INFO", Array(metadata.utf8)), ("pyproject.toml", Array("[build-system]\nrequires = []\n".utf8))]
            + members.map { ($0.path, $0.content) }
        for (path, content) in files { tar += Self.tarMember("\(stem)/\(path)", content) }
        tar += [UInt8](repeating: 0, count: 1024)
        return ("\(stem).tar.gz", Compression.gzip(tar))
    }

    /// A ustar header and its content, padded to whole blocks.
    private static func tarMember(_ path: String, _ content: [UInt8]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte } }
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        put(String(path.prefix(100)), at: 0)
        put(octal(0o644, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(content.count, 11), at: 124)
        put(octal(0, 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
        header[154] = 0
        return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
}
