/// Varnish servers that run `deploy/varnish.vcl`, each with a cache of its own.
///
/// A purge is `PURGE /` with the keys in `xkey-softpurge`; the answer says in `X-Purged` how many objects it made stale. Without that header the answer came
/// from something else, and nothing was purged.
public struct VarnishCDN: CDN {
    /// The most bytes of keys in one request: Varnish refuses a header line of more than 8 KB unless told otherwise.
    static let keysLimit = 4096

    private let servers: [String]
    private let key: String?
    private let fetcher: any HTTPFetching
    private let timeout: Duration

    /// - Parameters:
    ///   - servers: the base URL of each, without a slash at its end. All of them are purged.
    ///   - key: what `PURGE_KEY` in their environment says; `nil` where only the address counts.
    ///   - timeout: for each request.
    public init(servers: [String], key: String? = nil, fetcher: any HTTPFetching, timeout: Duration = .seconds(10)) {
        self.servers = servers
        self.key = key
        self.fetcher = fetcher
        self.timeout = timeout
    }

    public var isPresent: Bool { true }

    public func purge(_ keys: [String]) async throws(CDNError) {
        var failures: [String] = []
        for server in servers {
            // One that is down does not keep the others stale.
            do { try await purge(keys, at: server) } catch { failures.append(error.description) }
        }
        guard failures.isEmpty else { throw CDNError(failures.joined(separator: "; ")) }
    }

    private func purge(_ keys: [String], at server: String) async throws(CDNError) {
        for piece in Self.pieces(of: keys) {
            var headers = [(name: "xkey-softpurge", value: piece)]
            if let key { headers.append(("X-Purge-Key", key)) }
            let request = HTTPFetchRequest("PURGE", server + "/", headers: headers, timeout: timeout, responseLimit: 64 << 10)
            let response: HTTPFetchResponse
            do { response = try await fetcher.fetch(request) } catch { throw failure(server, "\(error)") }
            guard response.status == 200 else {
                throw failure(
                    server,
                    response.status == 401 || response.status == 403
                        ? "it answered \(response.status): see `purgers` and PURGE_KEY in its VCL" : "it answered \(response.status)"
                )
            }
            guard response["X-Purged"].flatMap({ Int($0) }) != nil else { throw failure(server, "it does not run deploy/varnish.vcl: no X-Purged") }
        }
    }

    private func failure(_ server: String, _ reason: String) -> CDNError { CDNError("Varnish at \(server) did not purge: \(reason)") }

    /// The keys, separated by spaces, in as few texts as the limit allows. A key with a space would be two: none of ours has one.
    static func pieces(of keys: [String]) -> [String] {
        var pieces: [String] = []
        for key in keys {
            if let last = pieces.last, last.utf8.count + 1 + key.utf8.count <= keysLimit {
                pieces[pieces.count - 1] += " " + key
            } else {
                pieces.append(key)
            }
        }
        return pieces
    }
}
