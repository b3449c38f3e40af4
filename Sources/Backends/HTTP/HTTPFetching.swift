// Asking other machines over HTTP.

/// Sends requests to outside systems. A redirect is an answer like any other: it is handed back, never followed, for whoever gets a secret is named by the
/// settings and not by a stranger's `Location`.
public protocol HTTPFetching: Sendable {
    /// Sends one request, once, and reads the whole answer. Any status is an answer.
    ///
    /// - Throws: `HTTPFetchError`, also when the task is cancelled.
    func fetch(_ request: HTTPFetchRequest) async throws(HTTPFetchError) -> HTTPFetchResponse
}

/// A request to another machine.
public struct HTTPFetchRequest: Sendable {
    public var method: String
    /// An absolute `http:` or `https:` URL, percent-encoded where it needs to be.
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// For everything: connecting, sending, and the last byte of the answer.
    public var timeout: Duration
    /// The most bytes an answer's body may have.
    public var responseLimit: Int

    public init(
        _ method: String,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timeout: Duration = .seconds(10),
        responseLimit: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.responseLimit = responseLimit
    }

    /// The first header of this name, in whatever case.
    public subscript(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}

/// What another machine answered.
public struct HTTPFetchResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of this name, in whatever case.
    public subscript(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
