// A connection's own side, on its event loop.

import NIOCore

/// Writes commands in the order they came and gives each the answer in its place. Once something is wrong the connection ends: answers could no longer be told
/// apart.
final class RedisHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let outbox: RedisOutbox
    private let onPush: @Sendable ([RESPValue]) -> Void
    private let onEnd: @Sendable (RedisError) -> Void
    private var parser = RESPParser()
    private var pending = CircularBuffer<RedisRequest>()
    /// How many values the first of them has been answered with.
    private var replies = 0
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    private var context: ChannelHandlerContext?
    private var isEnded = false

    init(outbox: RedisOutbox, onPush: @escaping @Sendable ([RESPValue]) -> Void, onEnd: @escaping @Sendable (RedisError) -> Void) {
        self.outbox = outbox
        self.onPush = onPush
        self.onEnd = onEnd
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Writes what callers have handed in.
    func send() {
        guard let context, !isEnded else { return }
        let now = NIODeadline.now()
        let requests = outbox.take()
        var buffer = context.channel.allocator.buffer(capacity: requests.reduce(0) { $0 + $1.bytes.count })
        var earliest = NIODeadline.distantFuture
        for request in requests {
            guard request.deadline > now else {
                outbox.finished(commands: 1, bytes: request.bytes.count)
                request.fail(.timedOut(request.timeout, mayHaveRun: false))
                continue
            }
            buffer.writeBytes(request.bytes)
            earliest = min(earliest, request.deadline)
            pending.append(request)
        }
        guard buffer.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        watch(for: earliest, context)
    }

    /// Writes what is answered by pushes alone.
    func sendUnanswered(_ bytes: [UInt8]) {
        guard let context, !isEnded else { return }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        let buffer = unwrapInboundIn(data)
        var finished: (commands: Int, bytes: Int) = (0, 0)
        var isUnasked = false
        do throws(RESPFault) {
            try buffer.withUnsafeReadableBytes { (bytes) throws(RESPFault) in
                try parser.consume(bytes) { value in
                    if case .push(let values) = value { return onPush(values) }
                    guard let request = pending.first else { return isUnasked = true }
                    replies += 1
                    guard replies == request.replies else { return }
                    replies = 0
                    pending.removeFirst()
                    finished.commands += 1
                    finished.bytes += request.bytes.count
                    if case .error(let error) = value { request.fail(.refused(error)) } else { request.finish(.success(value)) }
                }
            }
        } catch {
            end(.interrupted("what it said is not understood: \(error)"))
        }
        if finished.commands > 0 { outbox.finished(commands: finished.commands, bytes: finished.bytes) }
        if isUnasked { end(.interrupted("it answered what nobody asked")) }
    }

    func channelInactive(context: ChannelHandlerContext) { end(.interrupted("the server closed it")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(.interrupted("\(error)")) }

    /// One timer for all: what is asked most lies far behind the answer when it would fire.
    private func watch(for deadline: NIODeadline, _ context: ChannelHandlerContext) {
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let loop = context.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        timer = (deadline, loop.scheduleTask(deadline: deadline) { handler.value.look() })
    }

    private func look() {
        timer = nil
        guard let context, let earliest = pending.lazy.map(\.deadline).min() else { return }
        guard earliest <= .now() else { return watch(for: earliest, context) }
        end(.interrupted("the server did not answer in time"))
    }

    /// Ends the connection and fails what waits on it.
    func end(_ error: RedisError) {
        guard !isEnded else { return }
        isEnded = true
        timer?.task.cancel()
        timer = nil
        let now = NIODeadline.now()
        let unsent = outbox.end(.unavailable(error.reason))
        let sent = pending
        pending = []
        let isStalled = sent.contains { $0.deadline <= now }
        onEnd(isStalled ? .timedOut(sent.first?.timeout ?? .zero, mayHaveRun: true) : error)
        for request in sent { request.fail(request.deadline <= now ? .timedOut(request.timeout, mayHaveRun: true) : error) }
        for request in unsent { request.fail(.unavailable(error.reason)) }
        context?.close(promise: nil)
    }
}

extension RedisError {
    /// Without the words that say what kind it is.
    var reason: String {
        switch self {
        case .unavailable(let reason), .interrupted(let reason): reason
        case .refused(let error): error.text
        case .busy, .timedOut: description
        }
    }
}
