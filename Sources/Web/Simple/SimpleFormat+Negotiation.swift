import Registry

extension SimpleFormat {
    /// What a client likes best. Never refuses: who accepts nothing of what there is gets HTML (index §1.2).
    ///
    /// - Parameter accept: the header; empty when there is none.
    init(preferredBy accept: String) {
        let offers = Self.allCases
        self = AcceptHeader(accept)?.best(of: offers.map(\.mediaType)).flatMap { best in offers.first { $0.mediaType == best } } ?? .html
    }

    /// In the order of preference of the server.
    private var mediaType: String {
        switch self {
        case .html: "text/html"
        case .v1HTML: "application/vnd.pypi.simple.v1+html"
        case .v1JSON: "application/vnd.pypi.simple.v1+json"
        }
    }

    var contentType: String { self == .html ? "text/html; charset=UTF-8" : mediaType }

    /// Among the variants of a kept page.
    var number: UInt8 {
        switch self {
        case .html: 0
        case .v1HTML: 1
        case .v1JSON: 2
        }
    }
}
