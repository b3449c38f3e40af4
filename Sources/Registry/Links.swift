// Every URL the system prints.

package import Packaging

/// Makes every link, absolute or root-relative.
package struct Links: Sendable {
    /// The base of absolute URLs, without a trailing slash.
    package let base: String
    /// What stands before `/packages/…` on index pages: nothing when the site was not told its public URL, so that the links
    /// work under whatever name and port the client came by.
    private let fileBase: String

    package init(settings: IndexSettings) {
        base = settings.publicURL ?? settings.listeningURL
        fileBase = settings.publicURL ?? ""
    }

    /// The path of the base, such as `/pypi-proxy`, without a slash at its end; empty when the site has its host to itself.
    package var path: String {
        String(base.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
    }

    /// Whether the site was told its public URL.
    package var isPublic: Bool { !fileBase.isEmpty }
    package var hostName: String { host }

    /// The host name in the base, as tokens note it.
    var host: String {
        let authority = base.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        return String(authority.prefix { $0 != ":" })
    }

    /// The base without its path, as browsers name where a form comes from.
    package var origin: String {
        let scheme = base.prefix { $0 != "/" }
        return scheme + "//" + base.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    }

    package static let filesPrefix = "/packages/"

    /// A file's link on index pages.
    package func file(path: String) -> String {
        "\(fileBase)\(Self.filesPrefix)\(percentEncoded(path))"
    }

    /// A file's link in documents that are read without an address of their own.
    package func absoluteFile(path: String) -> String { "\(base)\(Self.filesPrefix)\(percentEncoded(path))" }

    package func simpleProject(_ name: NormalizedName) -> String { "/simple/\(name)/" }

    /// Every absolute URL of a project's own page, the short and the old ones included (index §2.8).
    func projectPages(of name: ProjectName) -> [String] {
        ["project", "p", "pypi"].flatMap { ["\(base)/\($0)/\(name.raw)/", "\(base)/\($0)/\(name.normalized)/"] }
    }

    /// The place in the help that explains a refusal.
    package func help(_ anchor: HelpAnchor) -> String { "\(base)/help/#\(anchor.rawValue)" }

    /// The core metadata specification.
    package static let metadataSpecification = "https://packaging.python.org/specifications/core-metadata"

    /// File names may hold anything printable; only what a URL path can not hold is encoded.
    private func percentEncoded(_ path: String) -> String {
        // Nearly every path stands for itself, and a page has thousands.
        if path.utf8.allSatisfy({ Self.isPlain[Int($0)] }) { return path }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(path.utf8.count + 16)
        for byte in path.utf8 {
            if Self.isPlain[Int(byte)] {
                encoded.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The bytes that stand for themselves in the path of a URL (RFC 3986 §3.3), of those that file names hold.
    private static let isPlain: [Bool] = (0...255).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case let byte: "-._~/!+".utf8.contains(byte)
        }
    }
}

/// The entries of the help page that error texts link to.
package enum HelpAnchor: String, Sendable, CaseIterable {
    case invalidAuth = "invalid-auth"
    case apiToken = "apitoken"
    case trustedPublishers = "trusted-publishers"
    case uploadsDisabled = "admin-intervention"
    case verifiedEmail = "verified-email"
    case secondFactor = "two-factor"
    case projectName = "project-name"
    case permission = "project-permission"
    case fileNameReuse = "file-name-reuse"
    case fileSizeLimit = "file-size-limit"
    case projectSizeLimit = "project-size-limit"
    case uploadWindow = "upload-window"
    case metadata = "metadata"
    case description = "description-content-type"
}
