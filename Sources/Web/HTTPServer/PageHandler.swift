// Answers requests for kept pages before the HTTP decoder sees them.

import Foundation
import NIOCore
import Registry

/// What all connections answer pages with.
struct PageService: Sendable {
    let pages: PageCache
    let metrics: RequestMetrics
    /// Whether what is kept may be sent as it is.
    let isCurrent: @Sendable () -> Bool
    let tail = ResponseTail()
    let formats = Preferences { SimpleFormat(preferredBy: $0).number }
    let codings = Preferences { ContentCoding(preferredBy: $0) }
    /// Whether what a proxy calls a request is its name.
    let believesRequestIDs: Bool
    /// After how many requests a connection ends.
    let requestsPerConnection: Int

    init(_ pages: PageCache, _ metrics: RequestMetrics, _ settings: WebSettings, isCurrent: @escaping @Sendable () -> Bool) {
        self.pages = pages
        self.isCurrent = isCurrent
        self.metrics = metrics
        believesRequestIDs = settings.trustedProxies > 0
        requestsPerConnection = settings.requestsPerConnection
    }
}

/// Stands at the head of the pipeline. When a read holds exactly one plain request for a page that is kept, it answers; everything else it passes on, byte for byte, so
/// that the framework's parser alone decides about every odd request. It answers only when no earlier request of the connection is under way.
final class PageHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// In bytes; browsers send about 150.
    private static let longestPreference = 512

    private let service: PageService?
    private let state: ConnectionState
    private var isEnding = false
    /// Whether the handlers behind this one have seen nothing of what was read last.
    private var hasAnsweredAll = true

    init(_ service: PageService?, _ state: ConnectionState) {
        self.service = service
        self.state = state
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        let buffer = unwrapInboundIn(data)
        state.lastActive = .now()
        switch state.mode {
        case .open:
            let reading = buffer.withUnsafeReadableBytes { bytes -> PlainRequest.Reading in
                let reading = PlainRequest.read(bytes)
                if case .plain(let request) = reading, context.channel.isWritable, let answer = answer(request, bytes) {
                    send(answer, context)
                    return .plain(request)
                }
                if case .plain = reading { return .whole }
                return reading
            }
            switch reading {
            case .plain:
                return
            case .whole:
                state.mode = .waiting
            case .other:
                state.mode = .through
                state.headBegan = .now()
            }
        case .waiting:
            // Sent before the response to the one before it has ended.
            state.mode = .through
        case .through:
            // What comes after an early answer may be the rest of a body, which takes as long as it takes.
            if !state.isBusy, !state.isReading, state.headBegan == nil { state.headBegan = .now() }
        }
        hasAnsweredAll = false
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        defer { hasAnsweredAll = true }
        if !hasAnsweredAll { context.fireChannelReadComplete() }
    }

    // MARK: Answering

    private struct Answer {
        let first: ByteBuffer
        let rest: [ByteBuffer]
        let closes: Bool
    }

    private func answer(_ request: PlainRequest, _ bytes: UnsafeRawBufferPointer) -> Answer? {
        guard let service, service.isCurrent(), !service.believesRequestIDs || request.requestID == nil else { return nil }
        // Weighed while everybody else waits for the cache: what nobody means, the ordinary way weighs by itself.
        guard request.accept?.count ?? 0 <= Self.longestPreference, request.acceptEncoding?.count ?? 0 <= Self.longestPreference else { return nil }
        func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }
        let page = service.pages.find(
            slice(request.target),
            format: { service.formats.choice(for: request.accept.map(slice) ?? UnsafeRawBufferPointer(start: nil, count: 0)) },
            coding: { request.acceptEncoding.map { service.codings.choice(for: slice($0)) } ?? .identity }
        )
        guard let page else { return nil }
        var form = request.isHead ? CachedResponse.Form.headOnly : .whole
        if let known = request.ifNoneMatch, page.status == 200 {
            let known = slice(known)
            if known.elementsEqual(page.entityTag) {
                form = .notModified
            } else if known.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "/") }) {
                // A list, a wildcard, or perhaps a weak tag: rare enough for the ordinary way.
                return nil
            }
        }
        state.requests += 1
        let closes = request.closes || state.requests >= service.requestsPerConnection
        var first = ByteBuffer()
        let rest = page.write(form, to: &first) { service.tail.write(closes: closes, into: &$0) }
        service.metrics.record(
            route: page.route,
            method: request.isHead ? .head : .get,
            status: form == .notModified ? 304 : page.status,
            nanoseconds: (NIODeadline.now() - state.lastActive).nanoseconds
        )
        return Answer(first: first, rest: rest, closes: closes)
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard !answer.closes else {
            isEnding = true
            let sent = context.eventLoop.makePromise(of: Void.self)
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            sent.futureResult.whenComplete { _ in context.value.close(promise: nil) }
            write(answer, context.value, promise: sent)
            return
        }
        write(answer, context, promise: nil)
    }

    private func write(_ answer: Answer, _ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        context.write(wrapOutboundOut(.byteBuffer(answer.first)), promise: answer.rest.isEmpty ? promise : nil)
        for (number, piece) in answer.rest.enumerated() {
            context.write(wrapOutboundOut(.byteBuffer(piece)), promise: number == answer.rest.count - 1 ? promise : nil)
        }
        context.flush()
    }

    // MARK: Ending

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        // The framework closes a connection on which it has nothing to do, also one whose client has said that nothing more will come: not before our own
        // answers are out.
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((context, event), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            let (context, event) = bound.value
            context.fireUserInboundEventTriggered(event)
        }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: written)
    }
}
