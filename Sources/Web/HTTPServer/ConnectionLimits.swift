// What a connection may cost.

import NIOCore
import Synchronization

/// How many connections there are.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var current: Int { count.load(ordering: .relaxed) }

    /// - Returns: whether there is room for one more, which counts until ``leave()``. Who is refused does not count: a crowd of those would keep
    ///   everybody out for as long as it comes again.
    func enter() -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }
    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// Ends connections that have nothing to say, and those whose requests come drop by drop.
final class IdleHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let state: ConnectionState
    private let idleTimeout: TimeAmount
    private let headTimeout: TimeAmount
    private var check: RepeatedTask?

    /// - Parameters:
    ///   - idleTimeout: how long a connection may say nothing while it is its turn.
    ///   - headTimeout: how long the head of a request may take to arrive.
    init(_ state: ConnectionState, idleTimeout: TimeAmount, headTimeout: TimeAmount) {
        self.state = state
        self.idleTimeout = idleTimeout
        self.headTimeout = headTimeout
    }

    func channelActive(context: ChannelHandlerContext) {
        let interval = TimeAmount.nanoseconds(max(1_000_000, min(idleTimeout, headTimeout).nanoseconds / 3))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let (handler, context) = bound.value
            handler.closeIfIdle(context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        check = nil
        context.fireChannelInactive()
    }

    private func closeIfIdle(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        let isLate = state.headBegan.map { now - $0 >= headTimeout } ?? false
        // Whoever waits for us, or still reads what was sent, is not idle.
        let isIdle = now - state.lastActive >= idleTimeout && !state.isAnswering && context.channel.isWritable
        if isLate || isIdle { context.close(promise: nil) }
    }
}

/// Tells whoever comes when there are too many connections to come again.
final class RefusalHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = IOData

    private static let answer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: 58\r\nConnection: close\r\n\r\n"
        + "The index has too many connections; try again in a moment\n"
    private var hasAnswered = false

    func channelActive(context: ChannelHandlerContext) {
        // Who says nothing is not told anything.
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(5)) { bound.value.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasAnswered else { return }
        hasAnswered = true
        let sent = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer(string: Self.answer))), promise: sent)
    }
}
