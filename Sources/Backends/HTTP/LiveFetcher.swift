// Outbound HTTP as it is.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Fetches over the network. Connections are kept for later requests and closed with this object.
public final class LiveFetcher: HTTPFetching {
    private let client: HTTPClient

    /// - Parameters:
    ///   - addresses: for a host's name, the address to connect to instead of those that DNS gives. Certificates are still checked against the name.
    ///   - connectTimeout: how long one attempt to connect may take.
    public init(connectingTo addresses: [String: String] = [:], connectTimeout: Duration = .seconds(5)) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(connectTimeout.nanoseconds))
        )
        configuration.dnsOverride = addresses
        // Whoever asks knows better when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup), configuration: configuration)
    }

    deinit {
        // The callback keeps the client until it has closed its connections.
        client.shutdown { [client] _ in _ = client }
    }

    public func fetch(_ request: HTTPFetchRequest) async throws(HTTPFetchError) -> HTTPFetchResponse {
        do {
            // The library's own deadline ends with the answer's head: a body could drip for ever.
            return try await withThrowingTaskGroup(of: HTTPFetchResponse.self) { group in
                group.addTask { try await self.exchange(request) }
                group.addTask {
                    try await Task.sleep(for: request.timeout)
                    throw HTTPFetchError.timedOut(request.timeout)
                }
                defer { group.cancelAll() }
                guard let response = try await group.next() else { throw HTTPFetchError.cancelled }
                return response
            }
        } catch {
            // A task that was cancelled from outside fails in whatever way it noticed first.
            throw Task.isCancelled ? .cancelled : HTTPFetchError(error, within: request.timeout, limit: request.responseLimit)
        }
    }

    private func exchange(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
            throw HTTPFetchError.invalidRequest("its URL is not of the web")
        }
        // The library would repeat the value in its error.
        guard request.headers.allSatisfy({ $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }) else {
            throw HTTPFetchError.invalidRequest("a header holds a control character")
        }
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if request["User-Agent"] == nil { outgoing.headers.add(name: "User-Agent", value: "emporium") }
        if !request.body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        let response = try await client.execute(outgoing, deadline: .now() + .nanoseconds(request.timeout.nanoseconds))
        let body = try await response.body.collect(upTo: request.responseLimit)
        return HTTPFetchResponse(
            status: Int(response.status.code),
            headers: response.headers.map { ($0.name, $0.value) },
            body: Array(body.readableBytesView)
        )
    }
}
