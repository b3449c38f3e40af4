/// The links that a release gives, with home page and download among them (index §3.2, PEP 753).
package struct ProjectLinks: Sendable {
    package let all: [ReleaseDetails.Link]

    package init(of release: ReleaseDetails) {
        var links: [ReleaseDetails.Link] = []
        if let url = release.homePage, !url.isEmpty { links.append(.init("Homepage", url, isVerified: release.isHomePageVerified)) }
        if let url = release.downloadURL, !url.isEmpty { links.append(.init("Download", url, isVerified: release.isDownloadURLVerified)) }
        for link in release.links.sorted(by: { $0.label < $1.label }) {
            switch Self.normalized(link.label) {
            case "homepage" where link.url == release.homePage, "downloadurl" where link.url == release.downloadURL: continue
            default: links.append(link)
            }
        }
        all = links
    }

    /// Without punctuation and white space, in lower case (PEP 753).
    private static func normalized(_ label: String) -> String {
        label.lowercased().filter { !$0.isWhitespace && !$0.isPunctuation }
    }
}
