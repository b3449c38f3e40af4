import Foundation
import NIOCore
import NIOEmbedded
import Registry
import Testing

@testable import Web

/// What stands before and behind the handler that answers pages.
struct PageHandlerPipelineTests {
    private func pages() async throws -> PageCache {
        let pages = PageCache(limit: 1 << 20)
        try await keep("page", at: "/simple/demo/", in: pages)
        return pages
    }

    private func keep(_ text: String, at target: String, _ format: SimpleFormat = .html, _ coding: ContentCoding = .identity, in pages: PageCache)
        async throws
    {
        let key = PageCache.Key(
            target: target,
            variant: PageCache.Variant(format: format.number, coding: coding),
            variation: PageCache.Variation(by: .accept, byCoding: true),
            tags: [.allProjects]
        )
        let page = try #require(CachedResponse(WebResponse.text(text), route: 0))
        _ = try await pages.response(for: key) { page }
    }

    /// Not async: a channel belongs to one thread.
    private func withChannel(_ pages: PageCache, _ body: (EmbeddedChannel, SlowSocket, Framework) throws -> Void) throws {
        let (socket, framework) = (SlowSocket(), Framework())
        let handler = PageHandler(
            PageService(pages, RequestMetrics(), Departure(time: .zero), DownloadCounter(isOn: false), WebSettings(), isCurrent: { true }),
            ConnectionState()
        )
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

    @Test func `one connection gets another page, format or encoding as soon as it asks for one`() async throws {
        let pages = try await pages()
        try await keep("another page", at: "/simple/another/", in: pages)
        try await keep("JSON", at: "/simple/demo/", .v1JSON, in: pages)
        try await keep("packed JSON", at: "/simple/demo/", .v1JSON, .gzip, in: pages)
        try withChannel(pages) { channel, socket, framework in
            func expect(_ body: String, _ line: String, _ headers: String...) throws {
                let head = (["\(line) HTTP/1.1", "Host: x"] + headers).map { $0 + "\r\n" }.joined()
                try channel.writeInbound(ByteBuffer(string: head + "\r\n"))
                let end = try #require(socket.text.range(of: "\r\n\r\n")).upperBound
                #expect(socket.text[end...] == body, "\(line) \(headers)")
                socket.take()
            }
            let json = "Accept: application/vnd.pypi.simple.v1+json"
            for _ in 0..<2 {
                try expect("page", "GET /simple/demo/")
                try expect("another page", "GET /simple/another/")
                try expect("JSON", "GET /simple/demo/", json)
                try expect("JSON", "GET /simple/demo/", json)
                try expect("packed JSON", "GET /simple/demo/", json, "Accept-Encoding: gzip")
                try expect("", "HEAD /simple/demo/", json, "Accept-Encoding: gzip")
                try expect("page", "GET /simple/demo/", "Accept-Encoding: identity")
            }
            #expect(framework.requests == 0)
        }
    }

    @Test func `what one client has not read yet is not written over by its next answer`() async throws {
        let pages = try await pages()
        try await keep("another page", at: "/simple/another/", in: pages)
        try withChannel(pages) { channel, socket, _ in
            try channel.writeInbound(ByteBuffer(string: "GET /simple/demo/ HTTP/1.1\r\nHost: x\r\n\r\n"))
            try channel.writeInbound(ByteBuffer(string: "GET /simple/another/ HTTP/1.1\r\nHost: x\r\n\r\n"))
            #expect(socket.text.hasPrefix("HTTP/1.1 200 OK"))
            #expect(socket.text.contains("\r\n\r\npageHTTP/1.1 200 OK"))
            #expect(socket.text.hasSuffix("\r\n\r\nanother page"))
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
    private var pieces: [ByteBuffer] = []

    /// What waits to be taken.
    var text: String { pieces.map { String(buffer: $0) }.joined() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .byteBuffer(let piece) = unwrapOutboundIn(data) { pieces.append(piece) }
        waiting.append(promise)
    }
    func flush(context: ChannelHandlerContext) {}

    func take() {
        for promise in waiting { promise?.succeed() }
        (waiting, pieces) = ([], [])
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
