// Answers requests for kept pages before the HTTP decoder sees them.

import Foundation
import NIOCore
import Registry

/// What all connections answer pages with.
final class PageService: Sendable {
    let pages: PageCache
    let metrics: RequestMetrics
    /// Whether what is kept may be sent as it is.
    let isCurrent: @Sendable () -> Bool
    let tail = ResponseTail()
    /// Whether what a proxy calls a request is its name.
    let believesRequestIDs: Bool
    /// After how many requests a connection ends.
    let requestsPerConnection: Int
    let departure: Departure
    let downloads: DownloadCounter
    /// The bytes of the path that the site is mounted at (``MountPath``).
    private let mountPath: [UInt8]

    init(
        _ pages: PageCache,
        _ metrics: RequestMetrics,
        _ departure: Departure,
        _ downloads: DownloadCounter,
        _ settings: WebSettings,
        mountPath: String = "",
        isCurrent: @escaping @Sendable () -> Bool
    ) {
        self.pages = pages
        self.downloads = downloads
        self.isCurrent = isCurrent
        self.mountPath = Array(mountPath.utf8)
        self.metrics = metrics
        self.departure = departure
        believesRequestIDs = settings.trustedProxies > 0
        requestsPerConnection = settings.requestsPerConnection
    }

    /// The target as the page cache knows it: below the mount path, where a proxy has left that path on.
    func belowMountPath(_ target: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard !mountPath.isEmpty, target.count > mountPath.count, target[mountPath.count] == UInt8(ascii: "/"),
            target.prefix(mountPath.count).elementsEqual(mountPath)
        else { return target }
        return UnsafeRawBufferPointer(rebasing: target[mountPath.count...])
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
    /// The most bytes that a connection keeps for its next answer.
    private static let longestKept = 2048

    private let service: PageService?
    private let state: ConnectionState
    private var isEnding = false
    /// Whether the client takes what is sent; asked of the channel, it costs more than the look-up of a page.
    private var isWritable = true
    private var lastHead = LastHead()
    private var lastFormat = LastChoice { SimpleFormat(preferredBy: $0).number }
    private var lastLanguage = LastChoice { Language.preferred(by: $0.isEmpty ? nil : $0).number }
    private var lastCoding = LastChoice { ContentCoding(preferredBy: $0) }
    /// What small answers are written into: once one is sent, its memory serves the next.
    private var written = ByteBuffer()
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
                let reading = PlainRequest.read(bytes, after: lastHead)
                guard case .plain(let request) = reading else { return reading }
                lastHead.remember(request, in: bytes)
                guard isWritable, let answer = answer(request, bytes) else { return .whole }
                send(answer, context)
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
        guard hasAnsweredAll else {
            hasAnsweredAll = true
            return context.fireChannelReadComplete()
        }
        // Nobody behind this handler waits for anything: the next read is asked for here, or the channel asks for it through all of them.
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        context.fireChannelWritabilityChanged()
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
        guard request.accept?.count ?? 0 <= Self.longestPreference, request.acceptEncoding?.count ?? 0 <= Self.longestPreference,
            request.acceptLanguage?.count ?? 0 <= Self.longestPreference
        else { return nil }
        func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }
        let target = service.belowMountPath(slice(request.target))
        let page = service.pages.find(
            target,
            format: { lastFormat.choice(for: slice(request.accept ?? 0..<0)) },
            // Who has a cookie may have a session, or have chosen a language.
            language: { request.hasCookie ? nil : lastLanguage.choice(for: slice(request.acceptLanguage ?? 0..<0)) },
            coding: { lastCoding.choice(for: slice(request.acceptEncoding ?? 0..<0)) }
        )
        guard let page else { return nil }
        var form = request.isHead ? CachedResponse.Form.headOnly : .whole
        if let known = request.ifNoneMatch, page.status == 200 {
            let known = slice(known)
            if page.entityTag.isSame(as: known) {
                form = .notModified
            } else if known.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "/") }) {
                // A list, a wildcard, or perhaps a weak tag: rare enough for the ordinary way.
                return nil
            }
        }
        state.requests += 1
        if form == .whole, page.status == 200, page.route == Routes.download {
            service.downloads.record(
                target: String(decoding: target, as: UTF8.self),
                agent: String(decoding: slice(request.userAgent ?? 0..<0), as: UTF8.self)
            )
        }
        let closes = request.closes || state.requests >= service.requestsPerConnection || service.departure.hasBegun
        let (first, rest) = write(page, form) { service.tail.write(closes: closes, into: &$0) }
        service.metrics.record(
            route: page.route,
            method: request.isHead ? .head : .get,
            status: form == .notModified ? 304 : page.status,
            nanoseconds: (NIODeadline.now() - state.lastActive).nanoseconds
        )
        return Answer(first: first, rest: rest, closes: closes)
    }

    private func write(_ page: CachedResponse, _ form: CachedResponse.Form, tail: (inout ByteBuffer) -> Void) -> (ByteBuffer, [ByteBuffer]) {
        guard page.copiedLength(form) <= Self.longestKept else {
            var first = ByteBuffer()
            let rest = page.write(form, to: &first, tail: tail)
            return (first, rest)
        }
        written.clear()
        let rest = page.write(form, to: &written, tail: tail)
        return (written, rest)
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
        guard !answer.rest.isEmpty else {
            return context.writeAndFlush(wrapOutboundOut(.byteBuffer(answer.first)), promise: promise)
        }
        context.write(wrapOutboundOut(.byteBuffer(answer.first)), promise: nil)
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
