// Counts what the framework reads and answers.

import HTTPTypes
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
            head.headers.remove(name: HTTPField.Name.framingFault.canonicalName)
            if Self.isAmbiguous(head) {
                head.headers.replaceOrAdd(name: "connection", value: "close")
                head.headers.add(name: HTTPField.Name.framingFault.canonicalName, value: "1")
                return context.fireChannelRead(wrapInboundOut(.head(head)))
            }
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

    /// Whether another server in the way might read the head differently: no Host or several, or `Transfer-Encoding` where it does not exist or beside a length.
    static func isAmbiguous(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["host"].count
        let isOld = head.version.major == 1 && head.version.minor == 0
        guard hosts <= 1, hosts == 1 || isOld else { return true }
        guard head.headers.contains(name: "transfer-encoding") else { return false }
        return isOld || head.headers.contains(name: "content-length")
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        context.write(data, promise: promise)
        state.responseEnded()
    }
}
