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

    /// The host name in the base, as tokens note it.
    var host: String {
        let authority = base.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        return String(authority.prefix { $0 != ":" })
    }

    package static let filesPrefix = "/packages/"

    /// A file's link on index pages.
    package func file(path: String) -> String {
        "\(fileBase)\(Self.filesPrefix)\(percentEncoded(path))"
    }

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
        var encoded = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "+"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
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
