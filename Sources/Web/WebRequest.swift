// A request as handlers see it.

package import HTTPTypes
package import Hummingbird
package import Registry

/// A request whose target has been decoded and whose client has been told apart from the proxies before it.
package struct WebRequest: Sendable {
    package let method: HTTPRequest.Method
    /// Decoded, with its leading slash.
    package let path: String
    /// The query as it came, without the question mark.
    package private(set) var rawQuery: String?
    package private(set) var query: [(name: String, value: String)]
    package let headers: HTTPFields
    package let body: RequestBody
    package let parameters: [String: String]
    package let source: RequestSource
    /// Whether the client itself spoke HTTPS.
    package let isSecure: Bool
    /// The encoding of the body that the client likes best.
    let coding: ContentCoding
    /// The host and port that the client believes it speaks to.
    var host: String?
    /// What the form of a page held.
    var form = SubmittedForm()
    private var ownSession: RequestSession?

    /// The browser's session, on routes that look at it.
    var session: RequestSession {
        get {
            guard let ownSession else { preconditionFailure("\(path) does not look at sessions") }
            return ownSession
        }
        set { ownSession = newValue }
    }

    /// What browsers call this site where they say on which page something stood. A site that knows what it is called believes no other name.
    func origins(_ links: Links, _ hosts: HostRule) -> [String] {
        guard let host, hosts.knows(host) else { return [links.origin] }
        let own = hosts.isStrict ? [String(links.origin.prefix { $0 != ":" }) + "://\(host)"] : ["http://\(host)", "https://\(host)"]
        return [links.origin] + own
    }

    /// Who is logged in, on a route for users.
    ///
    /// - Throws: ``Rejection`` `unauthenticated` on any other.
    func currentUser() throws -> User {
        guard let user = session.visitor?.user else { throw Rejection(.unauthenticated, "Nobody is logged in.") }
        return user
    }

    init(
        method: HTTPRequest.Method,
        path: String,
        rawQuery: String?,
        query: [(name: String, value: String)],
        headers: HTTPFields,
        body: RequestBody,
        parameters: [String: String],
        source: RequestSource,
        isSecure: Bool,
        coding: ContentCoding,
        host: String?
    ) {
        self.method = method
        self.path = path
        self.rawQuery = rawQuery
        self.query = query
        self.headers = headers
        self.body = body
        self.parameters = parameters
        self.source = source
        self.isSecure = isSecure
        self.coding = coding
        self.host = host
    }

    /// The same request without its query.
    var withoutQuery: WebRequest {
        var request = self
        (request.rawQuery, request.query) = (nil, [])
        return request
    }

    /// Whether the query holds one of these parameters.
    func says(_ names: Set<String>) -> Bool { !names.isEmpty && query.contains { names.contains($0.name) } }

    /// The first value of a query parameter.
    package func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}

/// A request target that is not UTF-8 once its percent-encoding is undone.
struct UndecodableTarget: Error {
    let part: String
}

enum RequestTarget {
    /// Undoes percent-encoding.
    ///
    /// - Throws: ``UndecodableTarget`` when the result is not UTF-8.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false, part: String) throws(UndecodableTarget) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") || $0 >= 0x80 }) else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let high = Character(Unicode.Scalar(rest[rest.startIndex])).hexDigitValue,
                let low = Character(Unicode.Scalar(rest[rest.index(after: rest.startIndex)])).hexDigitValue
            {
                bytes.append(UInt8(high << 4 | low))
                rest = rest.dropFirst(2)
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else {
                bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw UndecodableTarget(part: part) }
        return decoded
    }

    static func parseQuery(_ query: String?) throws(UndecodableTarget) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decode(parts[0], plusIsSpace: true, part: "query string")
            let value = parts.count > 1 ? try decode(parts[1], plusIsSpace: true, part: "query string") : ""
            pairs.append((name, value))
        }
        return pairs
    }
}
