// What the framework's pipeline can not do by itself: own reason phrases, and `100 Continue`.

import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Puts ``ReasonPhraseHandler`` below the codec that turns NIO's HTTP types into the framework's, then leaves.
final class ReasonPhraseInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(ReasonPhraseHandler(), position: .before(codec.handler))
        } catch {
            // Without the codec this is not an HTTP/1 channel, and there is no status line to write.
            context.fireErrorCaught(error)
        }
    }
}

/// Takes the phrase for the status line out of its private header, and tells a client that waits for it to go on with its body.
///
/// NIO replaces the phrase of a status it knows by the standard one, so a status with a phrase of its own goes out as a custom one.
final class ReasonPhraseHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let header = "X-Emporium-Reason-Phrase"

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.version.major == 1, head.version.minor >= 1,
            head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" })
        {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), let carried = head.headers.first(name: Self.header) else {
            context.write(data, promise: promise)
            return
        }
        head.headers.remove(name: Self.header)
        let phrase = String(String.UnicodeScalarView(ReasonPhrase.latin1Bytes(carried).map { Unicode.Scalar($0) }))
        head.status = .custom(code: head.status.code, reasonPhrase: phrase)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
