// Counts what the framework reads and answers.

import NIOCore
import NIOHTTP1

/// Tells the connection's state where requests begin and responses end.
final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: ConnectionState
    private let requestsPerConnection: Int
    private let departure: Departure

    init(_ state: ConnectionState, requestsPerConnection: Int, _ departure: Departure) {
        self.state = state
        self.requestsPerConnection = requestsPerConnection
        self.departure = departure
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(var head):
            state.requestBegan()
            guard state.requests >= requestsPerConnection || departure.hasBegun else { break }
            // The framework ends the connection after a response to whoever asked for that.
            head.headers.replaceOrAdd(name: "connection", value: "close")
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        case .end:
            state.requestEnded()
        case .body:
            break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        context.write(data, promise: promise)
        state.responseEnded()
    }
}
