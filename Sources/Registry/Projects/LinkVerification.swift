import Packaging
import SQLDatabase

/// Which links and addresses of a release the index vouches for (index §2.8).
struct LinkVerification: Sendable {
    /// The URLs of this index's own pages of the project, in the shape of ``canonical(_:)``.
    private let ownPages: Set<String>

    init(of project: ProjectName, links: Links) {
        ownPages = Set(links.projectPages(of: project).compactMap(Self.canonical))
    }

    /// Whether a link leads to the project's own page here: exactly there, for a page below it or a query may show what somebody else wrote.
    func isVerified(_ url: String?) -> Bool {
        guard let url, let canonical = Self.canonical(url) else { return false }
        return ownPages.contains(canonical)
    }

    /// Scheme and host in lower case, without the scheme's own port and one slash at the end; nil for what is not plainly a URL.
    private static func canonical(_ url: String) -> String? {
        // Browsers and parsers disagree about the rest.
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        let scheme = url[..<colon].lowercased()
        let rest = url[url.index(colon, offsetBy: 3)...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = rest[..<slash].lowercased()
        if let port = ["http": ":80", "https": ":443"][scheme], authority.hasSuffix(port) { authority.removeLast(port.count) }
        var path = rest[slash...]
        if path.hasSuffix("/") { path.removeLast() }
        return "\(scheme)://\(authority)\(path)"
    }
}

extension Emails {
    /// Whether the first address of an author field is a verified and public one of somebody who owns or maintains the project.
    func isVouchedFor(_ field: String?, projectID: Int64) throws -> Bool {
        guard let address = field.flatMap({ EmailAddressList.firstAddress(in: $0) }), !address.isEmpty else { return false }
        return try !connection.execute(
            """
            SELECT 1 AS found FROM emails JOIN roles ON roles.user_id = emails.user_id
            WHERE emails.folded_address = \(address.lowercased()) AND emails.is_verified AND emails.is_public
                AND roles.project_id = \(projectID) AND roles.name IN (\(Role.Name.owner.rawValue), \(Role.Name.maintainer.rawValue))
            """
        ).isEmpty
    }
}
