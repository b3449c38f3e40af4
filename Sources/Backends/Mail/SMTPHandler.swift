// A connection's own side, on its event loop.

import NIOCore
import NIOSSL

/// Does what a session says, and tells it when waiting has been long enough.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Verdict = @Sendable (Result<Void, MailError>) -> Void

    /// What becomes of a connection.
    struct Setup: Sendable {
        let session: SMTPSession.Setup
        let tls: NIOSSLContext?
        let serverName: String?
        let greetingTimeout: TimeAmount
        let commandTimeout: TimeAmount
        /// Until when it must be ready for mails.
        let deadline: NIODeadline
    }

    private let setup: Setup
    private let onEnd: @Sendable () -> Void
    private var session: SMTPSession
    private var waiting: Verdict?
    private var timer: Scheduled<Void>?
    private var deadline: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    /// - Parameter onReady: is told when mails can be sent, or that they never can.
    init(_ setup: Setup, onReady: @escaping Verdict, onEnd: @escaping @Sendable () -> Void) {
        self.setup = setup
        self.onEnd = onEnd
        session = SMTPSession(setup.session)
        waiting = onReady
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        perform(session.interrupt("the connection ended"))
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        watch(until: setup.deadline)
        wait(setup.greetingTimeout, for: "the server did not greet")
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { perform(session.receive(unwrapInboundIn(data).readableBytesView)) }

    func channelInactive(context: ChannelHandlerContext) { perform(session.interrupt("the server closed the connection")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let failure = MailError(connection: error)
        perform(session.isAwaitingVerdict ? session.interrupt("the connection broke") : session.end(failure))
    }

    /// Sends a mail and says what became of it.
    func send(_ envelope: SMTPEnvelope, until deadline: NIODeadline, _ verdict: @escaping Verdict) {
        guard session.isReady, waiting == nil else { return verdict(.failure(.unavailable("the connection has ended"))) }
        waiting = verdict
        watch(until: deadline)
        perform(session.send(envelope))
    }

    /// Takes leave; at once when a mail is under way.
    func close() { perform(session.quit()) }

    private func perform(_ actions: [SMTPSession.Action]) {
        // Before anybody hears of a mail that failed: whoever does wants to know whether the connection is to blame.
        if actions.contains(where: \.isEnd) { onEnd() }
        for action in actions {
            timer?.cancel()
            timer = nil
            switch action {
            case .write(let bytes):
                guard let context else { break }
                context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
                // Behind a mail there is only the time that all of it may take.
                if !session.isAwaitingVerdict { wait(setup.commandTimeout, for: "the server did not answer") }
            case .startTLS: encrypt()
            case .ready, .accepted: finish(.success(()))
            case .failed(let error): finish(.failure(error))
            case .close(let error):
                finish(.failure(error ?? .unavailable("the connection was closed")))
                context?.close(promise: nil)
            }
        }
    }

    /// The handler comes before this one, so that nothing reaches it unencrypted from here on; what is written meanwhile waits there for the
    /// handshake.
    private func encrypt() {
        guard let context else { return }
        do {
            guard let tls = setup.tls else { throw ChannelError.inappropriateOperationForState }
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: setup.serverName)
            try context.pipeline.syncOperations.addHandler(handler, position: .first)
            perform(session.startedTLS())
        } catch {
            perform(session.end(MailError(connection: error)))
        }
    }

    private func finish(_ result: Result<Void, MailError>) {
        deadline?.cancel()
        deadline = nil
        let verdict = waiting
        waiting = nil
        verdict?(result)
    }

    private func wait(_ time: TimeAmount, for reason: String) {
        guard let context else { return }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer?.cancel()
        timer = context.eventLoop.scheduleTask(in: time) { handler.value.giveUp("\(reason) in time") }
    }

    private func watch(until time: NIODeadline) {
        guard let context else { return }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline?.cancel()
        deadline = context.eventLoop.scheduleTask(deadline: time) { handler.value.giveUp("it took too long") }
    }

    private func giveUp(_ reason: String) { perform(session.interrupt(reason)) }
}

extension SMTPSession.Action {
    fileprivate var isEnd: Bool { if case .close = self { true } else { false } }
}
