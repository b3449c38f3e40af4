/// What a call is told instead of a value; programs read it (index §4).
struct XMLRPCFault: Error, Sendable, Hashable {
    let code: Int
    /// In English, as programs read it.
    let text: String

    init(_ code: Int, _ text: String) {
        self.code = code
        self.text = text
    }

    /// The body is no call.
    static func unreadable(_ reason: String) -> XMLRPCFault { XMLRPCFault(-32700, "parse error; \(reason)") }

    static func unknownMethod(_ name: String) -> XMLRPCFault {
        XMLRPCFault(-32601, "server error; there is no method \(name.prefix(200))")
    }

    /// - Parameter reasons: each with the parameter that it is about.
    static func wrongParameters(_ reasons: [String]) -> XMLRPCFault {
        XMLRPCFault(-32602, "client error; \(reasons.joined(separator: "; "))")
    }

    /// - Parameter kind: the kind of error, as clients of the first index know it.
    static func failed(_ kind: String, _ message: String) -> XMLRPCFault { XMLRPCFault(-32500, "\(kind): \(message)") }

    /// For now.
    static let unavailable = XMLRPCFault(-32403, "server error; the index can not answer right now, try again in a moment")
}
