// Serving the site below a path of its host.

import HTTPTypes
import Registry

/// The path of the public URL, such as `/pypi-proxy` for `https://tools.example.org/pypi-proxy`.
///
/// Everything inside the program speaks of paths from the root: routes, redirects, links, `next` parameters. The path is taken off a request before
/// it is routed, and put on a response when it is finished, here and nowhere else. A proxy may therefore strip the path or leave it: both work.
/// Absolute URLs come from ``Links``, whose base includes the path.
struct MountPath: Sendable, Hashable {
    /// Starts with a slash and ends without one; empty when the site has its host to itself.
    let path: String

    init(_ links: Links) { path = links.path }

    /// The request target below the mount path, as it came when it does not begin with the path.
    func stripped(from target: String) -> String {
        guard !path.isEmpty, target.hasPrefix(path) else { return target }
        let rest = target.dropFirst(path.count)
        switch rest.first {
        case "/": return String(rest)
        case nil, "?": return "/\(rest)"
        default: return target
        }
    }

    /// A path of this site as browsers have to ask for it.
    func mounted(_ location: String) -> String {
        path.isEmpty || !location.hasPrefix("/") || location.hasPrefix("//") ? location : path + location
    }

    /// Puts the mount path on a redirect, on cookies, and on the links of a page. To be called once, before the body is compressed.
    func apply(to response: inout WebResponse) {
        guard !path.isEmpty else { return }
        if let location = response.headers[.location] { response.headers[.location] = mounted(location) }
        if response.headers.contains(.setCookie) {
            let cookies = response.headers[values: .setCookie]
            response.headers[.setCookie] = nil
            for cookie in cookies {
                response.headers.append(HTTPField(name: .setCookie, value: cookie.replacing("; Path=/;", with: "; Path=\(path)/;")))
            }
        }
        if case .bytes(let bytes) = response.body, response.headers[.contentType]?.hasPrefix("text/html") == true {
            response.body = .bytes(RootRelativeLinks.prefixed(bytes, with: Array(path.utf8)))
        }
    }
}
