import NIOCore
import NIOEmbedded
import Registry
import Testing

@testable import Web

/// What stands before and behind the handler that answers pages.
struct PageHandlerPipelineTests {
    private func pages() async throws -> PageCache {
        let pages = PageCache(limit: 1 << 20)
        let key = PageCache.Key(
            target: "/simple/demo/",
            variant: PageCache.Variant(format: 0, coding: .identity),
            variation: PageCache.Variation(byFormat: true, byCoding: true),
            tags: [.allProjects]
        )
        let page = try #require(CachedResponse(WebResponse.text("page"), route: 0))
        _ = try await pages.response(for: key) { page }
        return pages
    }

    /// Not async: a channel belongs to one thread.
    private func withChannel(_ pages: PageCache, _ body: (EmbeddedChannel, SlowSocket, Framework) throws -> Void) throws {
        let (socket, framework) = (SlowSocket(), Framework())
        let handler = PageHandler(PageService(pages, RequestMetrics(), WebSettings(), isCurrent: { true }), ConnectionState())
        let channel = EmbeddedChannel(handlers: [socket, handler, framework])
        try body(channel, socket, framework)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `whoever has said all there is to say still gets the whole page before the framework ends the connection`() async throws {
        try withChannel(try await pages()) { channel, socket, framework in
            try channel.writeInbound(ByteBuffer(string: "GET /simple/demo/ HTTP/1.1\r\nHost: x\r\n\r\n"))
            channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            #expect(socket.waiting.count > 0)
            #expect(!framework.knowsTheEnd)
            socket.take()
            #expect(framework.knowsTheEnd)
        }
    }

    @Test func `a wish so long that nobody means it is left to the framework`() async throws {
        try withChannel(try await pages()) { channel, socket, framework in
            let wish = String(repeating: "a/b;q=0.1,", count: 500)
            try channel.writeInbound(ByteBuffer(string: "GET /simple/demo/ HTTP/1.1\r\nHost: x\r\nAccept: \(wish)text/html\r\n\r\n"))
            #expect(socket.waiting.isEmpty)
            #expect(framework.requests == 1)
        }
    }
}

/// Takes nothing until it is told to.
private final class SlowSocket: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    private(set) var waiting: [EventLoopPromise<Void>?] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) { waiting.append(promise) }
    func flush(context: ChannelHandlerContext) {}

    func take() {
        for promise in waiting { promise?.succeed() }
        waiting = []
    }
}

/// Counts what it has to answer itself, and notes when it would end the connection.
private final class Framework: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private(set) var knowsTheEnd = false
    private(set) var requests = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { requests += 1 }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { knowsTheEnd = knowsTheEnd || event as? ChannelEvent == .inputClosed }
}
