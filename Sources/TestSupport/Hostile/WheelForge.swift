// A right wheel, and ways to spoil it.

import Crypto
import Foundation

/// The wheel of `demo` 1.0 (PEP 427), part by part.
struct WheelForge {
    var stem = "demo-1.0"
    var tag = "py3-none-any"
    var metadata = Array("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n".utf8)
    /// Members outside of `.dist-info`.
    var modules: [(path: String, content: [UInt8])] = [("demo/__init__.py", Array("__version__ = \"1.0\"\n".utf8))]
    /// Members of `.dist-info` besides METADATA, WHEEL and RECORD.
    var extras: [(path: String, content: [UInt8])] = []
    /// RECORD's text from that which would be right.
    var forgeRecord: (String) -> [UInt8] = { Array($0.utf8) }
    var isDeflated = true

    var distInfo: String { "\(stem).dist-info" }
    var filename: String { "\(stem)-\(tag).whl" }

    private var wheelFile: [UInt8] { Array("Wheel-Version: 1.0\nGenerator: emporium\nRoot-Is-Purelib: true\nTag: \(tag)\n".utf8) }

    /// The wheel as a zip that can be spoilt further.
    func zip() -> ZipForge {
        var files = modules
        files += [("\(distInfo)/METADATA", metadata), ("\(distInfo)/WHEEL", wheelFile)]
        files += extras.map { ("\(distInfo)/\($0.path)", $0.content) }
        let rows = files.map { Self.row($0.path, $0.content) }.joined() + "\(distInfo)/RECORD,,\n"
        var zip = ZipForge()
        for (path, content) in files { zip.members.append(ZipForge.Member(path, content, isDeflated: isDeflated)) }
        zip.members.append(ZipForge.Member("\(distInfo)/RECORD", forgeRecord(rows), isDeflated: isDeflated))
        return zip
    }

    /// A line of RECORD.
    static func row(_ path: String, _ content: [UInt8]) -> String {
        let digest = Data(SHA256.hash(data: content)).base64EncodedString().utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return "\(path),sha256=\(String(decoding: digest, as: UTF8.self)),\(content.count)\n"
    }

    /// A wheel with its parts changed.
    static func wheel(_ trick: String, fields: [(String, String)] = [], _ spoil: (inout WheelForge) -> Void) -> HostileDistribution {
        var forge = WheelForge()
        spoil(&forge)
        return HostileDistribution(trick, filename: forge.filename, bytes: forge.zip().bytes(), fields: fields)
    }

    /// A wheel with its zip changed.
    static func zip(_ trick: String, _ spoil: (inout ZipForge) -> Void) -> HostileDistribution {
        let forge = WheelForge()
        var zip = forge.zip()
        spoil(&zip)
        return HostileDistribution(trick, filename: forge.filename, bytes: zip.bytes())
    }
}
