// The handlers of each connection.

import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOPosix

/// Puts the handlers of our own around the framework's, then has nothing more to do.
final class ConnectionInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let service: PageService?
    private let settings: WebSettings
    private let connections: ConnectionCount
    private let departure: Departure

    /// - Parameter service: what answers pages before the decoder; `nil` where every request has to be looked at.
    init(_ service: PageService?, _ settings: WebSettings, _ operation: SiteOperation) {
        self.service = service
        self.settings = settings
        connections = operation.connections
        departure = operation.departure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            try install(context)
        } catch {
            // Without the codec this is not an HTTP/1 channel.
            context.fireErrorCaught(error)
        }
    }

    private func install(_ context: ChannelHandlerContext) throws {
        let pipeline = context.pipeline.syncOperations
        guard connections.enter() else { return try pipeline.addHandler(RefusalHandler(), position: .first) }
        context.channel.closeFuture.whenComplete { [connections] _ in connections.leave() }

        // A client that reads nothing of what waits for it is gone after this long: the kernel ends the connection.
        try context.channel.syncOptions?.setOption(
            .tcpOption(.init(rawValue: TCP_USER_TIMEOUT)),
            value: .init(settings.sendTimeout.components.seconds * 1000)
        )
        let codec = try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self)
        let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
        let statusLine = StatusLineHandler()
        let state = ConnectionState()
        try pipeline.addHandler(ReasonPhraseHandler(statusLine, state), position: .before(codec.handler))
        let watch = RequestWatch(state, requestsPerConnection: settings.requestsPerConnection, departure)
        try pipeline.addHandler(watch, position: .before(codec.handler))
        try pipeline.addHandler(FileHandler(), position: .before(codec.handler))
        try pipeline.addHandler(statusLine, position: .before(encoder.handler))
        let idle = IdleHandler(state, idleTimeout: TimeAmount(settings.idleTimeout), headTimeout: TimeAmount(settings.headTimeout))
        try pipeline.addHandler(idle, position: .first)
        try pipeline.addHandler(PageHandler(service, state), position: .first)
    }
}
