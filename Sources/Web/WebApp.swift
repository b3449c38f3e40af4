// Answers requests: finds the route, applies the rules that hold for all, and turns errors into responses.

package import Backends
import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
package import Registry

/// The index as a Hummingbird responder.
package struct WebApp: HTTPResponder {
    package typealias Context = ConnectionContext

    private let index: PackageIndex
    private let settings: WebSettings
    private let temporaryFiles: TemporaryFiles
    private let routes = RouteTable(Routes.all)
    /// What operators see: counted here and in the handlers of the connection.
    package let operation: SiteOperation

    /// - Parameters:
    ///   - temporaryFiles: where uploads lie while they come in; best on the same disk as the files.
    ///   - counters: the program's own counters, to be shown with those of the site.
    package init(
        index: PackageIndex,
        settings: WebSettings,
        temporaryFiles: TemporaryFiles,
        version: String = "unknown",
        counters: MetricsRegistry? = nil
    ) {
        self.index = index
        self.settings = settings
        self.temporaryFiles = temporaryFiles
        operation = SiteOperation(index: index, temporaryFiles: temporaryFiles, version: version, counters: counters)
    }

    package func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let start = ContinuousClock.now
        let id = RequestID.of(request.headers, trustsProxies: settings.trustedProxies > 0)
        var logger = context.logger
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "request.id"] = .stringConvertible(id)
        let web = WebContext(
            index: index,
            settings: settings,
            logger: logger,
            temporaryFiles: temporaryFiles,
            operation: operation,
            peerAddress: context.peerAddress
        )
        // Decoded, as the route table sees it: `/%73imple/` is an index page too. What can not be decoded never got as far as a page.
        let path = (try? RequestTarget.decode(request.uri.path, part: "URL")) ?? request.uri.path
        var route = operation.requests.unmatched
        // For those who log without knowing that they work for a request.
        var response = await RequestID.$current.withValue(id) { await answer(request, context, web, &route) }
        SecurityHeaders.apply(to: &response, path: path)
        ContentEncoding.apply(to: &response, for: request.head)
        ConditionalRequests.apply(to: &response, for: request.head)
        response.headers[.requestID] = id.description
        let time = ContinuousClock.now - start
        operation.requests.record(
            route: route,
            method: RequestMetrics.Method(request.method),
            status: response.status,
            nanoseconds: time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
        )
        RequestLog.write(request.head, response.status, time, logger)
        if request.headers[.connection] == "close" { response.headers[.connection] = "close" }
        return Self.hummingbirdResponse(response, isHead: request.method == .head)
    }

    /// The response of the route, or of whatever stood in its way.
    ///
    /// - Parameter number: set to the number of the route that took it.
    private func answer(_ request: Request, _ context: ConnectionContext, _ web: WebContext, _ number: inout Int) async -> WebResponse {
        let accept = request.headers[.accept]
        do {
            let path = try RequestTarget.decode(request.uri.path, part: "URL")
            let query = try RequestTarget.parseQuery(request.uri.query)
            let client = TrustedProxies(count: settings.trustedProxies).client(of: request.headers, peer: context.peerAddress)
            if let refusal = HTTPSRule.refusal(query: query, isSecure: client.isSecure, settings) { return refusal }
            switch routes.match(request.method, path) {
            case .found(let route, let found, let parameters):
                number = found
                if let refusal = try await ReadAccess.refusal(route, request.headers, index) { return refusal }
                var response = try await route.handler(
                    WebRequest(
                        method: request.method,
                        path: path,
                        rawQuery: request.uri.query,
                        query: query,
                        headers: request.headers,
                        body: request.body,
                        parameters: parameters,
                        source: RequestSource(address: client.address, userAgent: request.headers[.userAgent]),
                        isSecure: client.isSecure
                    ),
                    web
                )
                CacheHeaders.apply(route.cache, to: &response)
                ReadAccess.markPersonal(&response, route, index)
                return response
            case .missingSlash:
                // The path as it came: it is encoded already.
                return .redirect(to: SafeRedirect.location(path: request.uri.path + "/", query: request.uri.query), status: 301)
            case .methodNotAllowed(let methods):
                return RejectionResponses.methodNotAllowed(methods, accept: accept)
            case .notFound:
                return RejectionResponses.notFound(path: path)
            }
        } catch let undecodable as UndecodableTarget {
            return RejectionResponses.plain(400, "The \(undecodable.part) can not be decoded as UTF-8.", accept: accept)
        } catch let rejection as Rejection {
            let path = (try? RequestTarget.decode(request.uri.path, part: "URL")) ?? request.uri.path
            return RejectionResponses.response(to: rejection, path: path, accept: accept)
        } catch {
            return RejectionResponses.failure(error, accept: accept, web.logger)
        }
    }

    private static func hummingbirdResponse(_ response: WebResponse, isHead: Bool) -> Response {
        var headers = response.headers
        if let reason = response.reasonPhrase { headers[.reasonPhrase] = ReasonPhrase.carried(reason) }
        let status = HTTPResponse.Status(code: response.status)
        let hasNoBody = isHead || response.status == 304 || response.status == 204
        switch response.body {
        case .bytes(let bytes):
            if response.status != 304 { headers[.contentLength] = String(bytes.count) }
            return Response(status: status, headers: headers, body: hasNoBody ? Self.noBody : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let size, let write):
            headers[.contentLength] = String(size)
            return Response(status: status, headers: headers, body: hasNoBody ? Self.noBody : ResponseBody(contentLength: Int(size), write))
        }
    }

    /// Written without a length of its own, so that a HEAD keeps the length its GET would have.
    private static let noBody = ResponseBody { try await $0.finish(nil) }
}
