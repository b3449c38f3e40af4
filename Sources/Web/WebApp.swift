// Answers requests: finds the route, applies the rules that hold for all, and turns errors into responses.

package import Backends
import HTTPTypes
package import Hummingbird
import Localization
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
    /// What this process keeps ready to be sent.
    let pages: PageCache
    private let projectList: ProjectList
    private let mount: MountPath

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
        let pages = PageCache(limit: settings.pageCacheSize)
        self.pages = pages
        index.caches.add { pages.drop($0) }
        mount = MountPath(index.links)
        projectList = ProjectList(linkPrefix: mount.path)
        operation = SiteOperation(
            index: index,
            pages: pages,
            settings: settings,
            temporaryFiles: temporaryFiles,
            version: version,
            counters: counters
        )
    }

    var downloads: DownloadCounter { index.downloads }

    /// The path of the public URL; empty when the site has its host to itself.
    var mountPath: String { mount.path }

    /// Whether the pages in memory may be sent as they are: not while nobody should keep them.
    var sendsKeptPages: @Sendable () -> Bool { { [index] in index.mayBeKeptByCDN } }

    /// Whether pages may be answered before anything is known of a request but its bytes: not where reading needs a login.
    var answersAnyone: Bool { index.settings.readAccess == .anonymous }

    package func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let start = ContinuousClock.now
        let request = belowMountPath(request)
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
            projectList: projectList,
            pages: pages,
            peerAddress: context.peerAddress
        )
        // Decoded, as the route table sees it: `/%73imple/` is an index page too. What can not be decoded never got as far as a page.
        let path = (try? RequestTarget.decode(request.uri.path, part: "URL")) ?? request.uri.path
        var route = operation.requests.unmatched
        var response: Response
        let language = LanguageChoice.of(request.headers, rawQuery: request.uri.query)
        // Reading is not limited.
        let limits = request.method == .post ? RateLimitRecord() : nil
        // For those who log, or say something, without knowing that they work for a request.
        let made = await RequestID.$current.withValue(id) {
            await Localizer.$current.withValue(language.localizer) {
                await RateLimitRecord.$current.withValue(limits) { await answer(request, path, context, web, &route) }
            }
        }
        switch made {
        case .fresh(var fresh):
            if let (policy, state) = limits?.headers { (fresh.headers[.rateLimitPolicy], fresh.headers[.rateLimit]) = (policy, state) }
            finish(&fresh, path: path, coding: ContentCoding(preferredBy: request.headers[.acceptEncoding]))
            ConditionalRequests.apply(to: &fresh, for: request.head)
            response = Self.hummingbirdResponse(fresh, for: request, context.channel, logger)
        case .kept(let kept):
            response = Self.hummingbirdResponse(kept, for: request)
        }
        if !index.mayBeKeptByCDN { response.headers[.surrogateControl] = nil }
        response.headers[.requestID] = id.description
        if request.method == .get, [200, 302].contains(response.status.code), route == Routes.download {
            index.downloads.record(target: request.uri.path, agent: request.headers[.userAgent] ?? "")
        }
        let time = ContinuousClock.now - start
        operation.requests.record(
            route: route,
            method: RequestMetrics.Method(request.method),
            status: response.status.code,
            nanoseconds: time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
        )
        RequestLog.write(request.head, response.status.code, time, logger)
        return response
    }

    /// The request as if the site had its host to itself.
    private func belowMountPath(_ request: Request) -> Request {
        guard !mount.path.isEmpty, let target = request.head.path, case let stripped = mount.stripped(from: target), stripped != target else {
            return request
        }
        var head = request.head
        head.path = stripped
        return Request(head: head, body: request.body)
    }

    private enum Answer {
        /// Made for this request.
        case fresh(WebResponse)
        /// Made for everybody, with all rules applied.
        case kept(CachedResponse)
    }

    /// The response of the route, or of whatever stood in its way.
    ///
    /// - Parameter number: set to the number of the route that took it.
    private func answer(
        _ request: Request,
        _ decodedPath: String,
        _ context: ConnectionContext,
        _ web: WebContext,
        _ number: inout Int
    ) async -> Answer {
        do {
            let path = try RequestTarget.decode(request.uri.path, part: "URL")
            let query = try RequestTarget.parseQuery(request.uri.query)
            let client = TrustedProxies(count: settings.trustedProxies).client(of: request.headers, peer: context.peerAddress)
            if let refusal = HTTPSRule.refusal(query: query, isSecure: client.isSecure, settings) { return .fresh(refusal) }
            switch routes.match(request.method, path) {
            case .found(let found, let parameters):
                number = found
                let route = Routes.all[found]
                let source = RequestSource(address: client.address, userAgent: request.headers[.userAgent])
                if let refusal = try await ReadAccess.refusal(route, request.headers, index, source: source) { return .fresh(refusal) }
                // What is made for one person is not compressed: its length could give its secrets away.
                let coding = ReadAccess.needsLogin(route, index) ? .identity : ContentCoding(preferredBy: request.headers[.acceptEncoding])
                let webRequest = WebRequest(
                    method: request.method,
                    path: path,
                    rawQuery: request.uri.query,
                    query: query,
                    headers: request.headers,
                    body: request.body,
                    parameters: parameters,
                    source: source,
                    isSecure: client.isSecure,
                    coding: coding,
                    host: request.head.authority
                )
                if route.session == .looked {
                    if let key = sharedKey(for: webRequest, route, rawPath: request.uri.path) {
                        return .kept(try await pages.response(for: key) { try await makePage(webRequest, route, found, web) })
                    }
                    return .fresh(try await personal(webRequest, route, web))
                }
                if case .immutable = route.cache {
                    return try await self.file(webRequest, route, found, web, rawPath: request.uri.path)
                }
                if let key = key(for: webRequest, route, rawPath: request.uri.path) {
                    return .kept(try await pages.response(for: key) { try await makePage(webRequest, route, found, web) })
                }
                return .fresh(try await respond(to: webRequest, route, web))
            case .missingSlash:
                // The path as it came: it is encoded already.
                return .fresh(.redirect(to: SafeRedirect.location(path: request.uri.path + "/", query: request.uri.query), status: 301))
            case .methodNotAllowed(let methods):
                return .fresh(RejectionResponses.methodNotAllowed(methods, path: path, accept: request.headers[.accept]))
            case .notFound:
                return .fresh(RejectionResponses.notFound(path: path))
            }
        } catch {
            return .fresh(response(to: error, path: decodedPath, accept: request.headers[.accept], web.logger))
        }
    }

    /// What a route answers whoever it looks at.
    private func personal(_ request: WebRequest, _ route: Route, _ web: WebContext) async throws -> WebResponse {
        try await SessionRoutes(index: index).respond(to: request, route) { try await respond(to: $0, route, web) }
    }

    private func response(to error: any Error, path: String, accept: String?, _ logger: Logger) -> WebResponse {
        switch error {
        case let undecodable as UndecodableTarget:
            RejectionResponses.plain(400, message: "The \(undecodable.part) can not be decoded as UTF-8.", path: path, accept: accept)
        case let rejection as Rejection:
            RejectionResponses.response(to: rejection, path: path, accept: accept)
        default:
            RejectionResponses.failure(error, path: path, accept: accept, logger)
        }
    }

    private func respond(to request: WebRequest, _ route: Route, _ web: WebContext) async throws -> WebResponse {
        var response = try await route.handler(request, web)
        CacheHeaders.apply(route.cache, request.parameters, to: &response)
        ReadAccess.markPersonal(&response, route, index)
        return response
    }

    /// The rules that hold for every response.
    private func finish(_ response: inout WebResponse, path: String, coding: ContentCoding) {
        mount.apply(to: &response)
        SecurityHeaders.apply(to: &response, path: path)
        ContentEncoding.apply(coding, to: &response)
        ConditionalRequests.addTag(to: &response)
    }

    // MARK: Pages that are kept

    /// Makes what takes long when it is first asked for: the list of all projects, as installers and mirrors ask for it.
    package func prepare() async throws {
        _ = try await projectList.page(.json, .gzip, of: index)
    }

    /// How a request asks for a page that is kept; `nil` for anything that is answered for itself.
    private func key(for request: WebRequest, _ route: Route, rawPath: String) -> PageCache.Key? {
        guard request.method == .get || request.method == .head, request.rawQuery == nil, rawPath == request.path else { return nil }
        let (byFormat, tags): (Bool, [CacheTag])
        switch route.cache {
        case .tagged(let subject, let varies): (byFormat, tags) = (varies, subject.tags(request.parameters))
        // Where there is nothing now, nothing will be: only what is there is kept.
        case .builtIn where settings.assetsFolder == nil && Assets.find(request.path) != nil: (byFormat, tags) = (false, [])
        default: return nil
        }
        let format = byFormat ? SimpleController.format(for: request).number : 0
        return PageCache.Key(
            target: rawPath,
            variant: PageCache.Variant(format: format, coding: request.coding),
            variation: PageCache.Variation(by: byFormat ? .accept : .nothing, byCoding: true),
            tags: tags
        )
    }

    /// How a request asks for a page that shows who looks at it, where nobody does; `nil` for anybody who may be known, and for any other page.
    private func sharedKey(for request: WebRequest, _ route: Route, rawPath: String) -> PageCache.Key? {
        guard case .shared(let subject) = route.cache, request.method == .get || request.method == .head, request.rawQuery == nil,
            rawPath == request.path, !ReadAccess.needsLogin(route, index), Cookies.value(of: BrowserSessions.cookie, in: request.headers) == nil
        else { return nil }
        return PageCache.Key(
            target: rawPath,
            variant: PageCache.Variant(format: Language.current.number, coding: request.coding),
            variation: PageCache.Variation(by: .language, byCoding: true),
            tags: subject.tags(request.parameters)
        )
    }

    /// Makes a page that is the same for everybody who may see it. That there is none is such a page too.
    private func makePage(_ request: WebRequest, _ route: Route, _ number: Int, _ web: WebContext) async throws -> CachedResponse {
        var response: WebResponse
        do {
            response = try await route.session == .looked ? personal(request, route, web) : respond(to: request, route, web)
        } catch let rejection as Rejection where rejection.reason == .notFound {
            response = RejectionResponses.response(to: rejection, path: request.path, accept: nil)
        }
        precondition(!response.isPersonal, "\(route.pattern) shows strangers something of their own")
        finish(&response, path: request.path, coding: request.coding)
        guard let page = CachedResponse(response, route: number) else { preconditionFailure("\(route.pattern) streams what is to be kept") }
        return page
    }

    // MARK: Files that are kept

    /// Larger files are not worth the memory: the system keeps them ready as well.
    static let keptFileBytes: Int64 = 64 << 10

    /// A stored file, which is kept when it is small. Its URL never means other bytes, so there is nothing that could make it stale; that there is no file is
    /// not kept, for it may be there the next moment.
    private func file(_ request: WebRequest, _ route: Route, _ number: Int, _ web: WebContext, rawPath: String) async throws -> Answer {
        // A part is cut out of the file itself.
        let isWhole = request.rawQuery == nil && rawPath == request.path && request.headers[.range] == nil
        let key = PageCache.Key(
            target: rawPath,
            variant: PageCache.Variant(format: 0, coding: .identity),
            variation: PageCache.Variation(by: .nothing, byCoding: false),
            tags: []
        )
        if isWhole, let kept = pages.find(key) { return .kept(kept) }
        var response = try await respond(to: request, route, web)
        guard isWhole, response.status == 200, case .file(let file, _) = response.body, file.size <= Self.keptFileBytes else {
            try await Self.begin(&response, request)
            return .fresh(response)
        }
        finish(&response, path: request.path, coding: .identity)
        response.body = .bytes(try await file.read(at: 0, count: Int(file.size)))
        guard let page = CachedResponse(response, route: number) else { return .fresh(response) }
        pages.keep(page, for: key)
        return .kept(page)
    }

    /// Reads the beginning of a file that does not lie on this machine, if it is going to be sent.
    private static func begin(_ response: inout WebResponse, _ request: WebRequest) async throws(StorageError) {
        guard request.method == .get, !ConditionalRequests.isFresh(response.headers, request.headers) else { return }
        guard case .file(let file, let range) = response.body, file.descriptor == nil else { return }
        response.body = .pieces(try await FilePieces(file, range))
    }

    // MARK: As responses of the framework

    private static func hummingbirdResponse(
        _ response: WebResponse,
        for request: Request,
        _ channel: any Channel,
        _ logger: Logger
    ) -> Response {
        var headers = response.headers
        if let reason = response.reasonPhrase { headers[.reasonPhrase] = ReasonPhrase.carried(reason) }
        if request.headers[.connection] == "close" { headers[.connection] = "close" }
        let status = HTTPResponse.Status(code: response.status)
        let hasNoBody = request.method == .head || response.status == 304 || response.status == 204
        switch response.body {
        case .bytes(let bytes):
            if response.status != 304 { headers[.contentLength] = String(bytes.count) }
            return Response(status: status, headers: headers, body: hasNoBody ? noBody : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .buffers(let buffers):
            if response.status != 304 { headers[.contentLength] = String(buffers.reduce(0) { $0 + $1.readableBytes }) }
            return Response(status: status, headers: headers, body: hasNoBody ? noBody : body(buffers))
        case .file(let file, let range):
            headers[.contentLength] = String(range.count)
            guard !hasNoBody, !range.isEmpty, let descriptor = file.descriptor else {
                return Response(status: status, headers: headers, body: noBody)
            }
            return Response(status: status, headers: headers, body: FileBody.body(file, descriptor, range, on: channel, logger))
        case .pieces(let pieces):
            headers[.contentLength] = String(pieces.count)
            return Response(status: status, headers: headers, body: FileBody.body(pieces, logger))
        }
    }

    private static func hummingbirdResponse(_ response: CachedResponse, for request: Request) -> Response {
        var headers = response.fields(.whole)
        let isNotModified = response.status == 200 && ConditionalRequests.isFresh(headers, request.headers)
        if isNotModified { headers = response.fields(.notModified) }
        if request.headers[.connection] == "close" { headers[.connection] = "close" }
        let hasNoBody = isNotModified || request.method == .head
        return Response(
            status: isNotModified ? .notModified : HTTPResponse.Status(code: response.status),
            headers: headers,
            body: hasNoBody ? noBody : body(response.buffers)
        )
    }

    private static func body(_ buffers: [ByteBuffer]) -> ResponseBody {
        guard buffers.count > 1 else { return ResponseBody(byteBuffer: buffers.first ?? ByteBuffer()) }
        return ResponseBody(contentLength: buffers.reduce(0) { $0 + $1.readableBytes }) { writer in
            for buffer in buffers { try await writer.write(buffer) }
            try await writer.finish(nil)
        }
    }

    /// Written without a length of its own, so that a HEAD keeps the length its GET would have.
    private static let noBody = ResponseBody { try await $0.finish(nil) }
}
