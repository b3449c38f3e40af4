// What the framework's pipeline can not do by itself: own reason phrases, `100 Continue`, and knowing who wants the connection closed.

import NIOCore
import NIOHTTP1

/// Takes the phrase for the status line out of its private header, and tells a client that waits for it to go on with its body.
///
/// NIO replaces the phrase of a status it knows by the standard one, so a status with a phrase of its own goes out as a custom one.
final class ReasonPhraseHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let header = "X-Emporium-Reason-Phrase"
    private let statusLine: StatusLineHandler
    private let state: ConnectionState

    init(_ statusLine: StatusLineHandler, _ state: ConnectionState) {
        self.statusLine = statusLine
        self.state = state
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        let isHTTP10 = head.version.major == 1 && head.version.minor == 0
        // Never into the middle of the response to an earlier request: who sends several at once goes on by itself.
        if !isHTTP10, !state.isBusy, head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
        }
        // The framework looks for exactly `close`; HTTP/1.0 means it without saying so.
        let options = head.headers[canonicalForm: "connection"].map { $0.lowercased() }
        if options.contains("close") || isHTTP10 && !options.contains("keep-alive") { head.headers.replaceOrAdd(name: "connection", value: "close") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), let carried = head.headers.first(name: Self.header) else {
            context.write(data, promise: promise)
            return
        }
        head.headers.remove(name: Self.header)
        let phrase = String(String.UnicodeScalarView(ReasonPhrase.latin1Bytes(carried).map { Unicode.Scalar($0) }))
        if !phrase.utf8.allSatisfy({ $0 < 0x80 }) { statusLine.expectLatin1() }
        head.status = .custom(code: head.status.code, reasonPhrase: phrase)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}

/// Turns the next status line into ISO 8859-1: NIO writes all text as UTF-8, and clients read this line byte by byte.
final class StatusLineHandler: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private var isExpected = false

    /// The next head has characters beyond ASCII.
    func expectLatin1() { isExpected = true }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isExpected, case .byteBuffer(var head) = unwrapOutboundIn(data), let end = head.readableBytesView.firstIndex(of: UInt8(ascii: "\r")),
            let line = head.readString(length: end - head.readerIndex)
        else {
            context.write(data, promise: promise)
            return
        }
        isExpected = false
        var latin1 = context.channel.allocator.buffer(capacity: line.utf8.count + head.readableBytes)
        latin1.writeBytes(line.unicodeScalars.map { $0.value < 0x100 ? UInt8($0.value) : UInt8(ascii: "?") })
        latin1.writeBuffer(&head)
        context.write(wrapOutboundOut(.byteBuffer(latin1)), promise: promise)
    }
}
