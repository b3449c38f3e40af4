// The files that pages are made of besides themselves.

import Crypto
import Foundation

/// A file of the site, part of the program. Its URL holds a hash of its bytes: it never means others, and browsers keep it for ever.
struct Asset: Sendable {
    let name: String
    let contentType: String
    let bytes: [UInt8]
    /// Root-relative.
    let path: String

    init(_ name: String, _ contentType: String, _ bytes: [UInt8]) {
        self.name = name
        self.contentType = contentType
        self.bytes = bytes
        let hash = SHA256.hash(data: bytes).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let parts = name.split(separator: ".", maxSplits: 1)
        path = "\(Assets.prefix)\(parts[0]).\(hash).\(parts[1])"
    }
}

enum Assets {
    static let prefix = "/static/"

    static let styleSheet = Asset("emporium.css", "text/css; charset=UTF-8", PackageResources.emporium_css)
    static let script = Asset("emporium.js", "text/javascript; charset=UTF-8", PackageResources.emporium_js)
    static let logo = Asset("logo.svg", "image/svg+xml", PackageResources.logo_svg)

    static let all = [styleSheet, script, logo]

    private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    /// - Parameter path: with the prefix.
    static func find(_ path: String) -> Asset? { byPath[path] }
}
