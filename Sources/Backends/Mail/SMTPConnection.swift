// One connection to a mail server.

import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A connection over which mails go, one at a time. It ends for good with the first fault.
final class SMTPConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<SMTPHandler>
    private let life: Life

    /// Whether it has ended, which is known on the event loop first.
    private final class Life: Sendable {
        let isOver = Atomic<Bool>(false)
    }

    /// What a channel is made with: of a host with several addresses there may be several at once.
    private struct Made: Sendable {
        let handler: NIOLoopBound<SMTPHandler>
        let ready: EventLoopFuture<Void>
        let life: Life
    }

    private init(_ channel: any Channel, _ made: Made) {
        self.channel = channel
        handler = made.handler
        life = made.life
    }

    /// Connects, encrypts and logs in.
    static func open(to server: SMTPServer, connectTimeout: TimeAmount, _ setup: SMTPHandler.Setup) async throws(MailError) -> SMTPConnection {
        let made = Mutex<[ObjectIdentifier: Made]>([:])
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(connectTimeout)
                .channelOption(.socketOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if server.encryption == .implicit, let tls = setup.tls {
                            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: setup.serverName))
                        }
                        let (ready, life) = (channel.eventLoop.makePromise(of: Void.self), Life())
                        let handler = SMTPHandler(setup) { result in
                            ready.completeWith(result.mapError { $0 as any Error })
                        } onEnd: {
                            life.isOver.store(true, ordering: .releasing)
                        }
                        try channel.pipeline.syncOperations.addHandler(handler)
                        let parts = Made(handler: NIOLoopBound(handler, eventLoop: channel.eventLoop), ready: ready.futureResult, life: life)
                        made.withLock { $0[ObjectIdentifier(channel)] = parts }
                    }
                }
                .connect(host: server.host, port: server.port).get()
            guard let parts = made.withLock({ $0[ObjectIdentifier(channel)] }) else { throw ChannelError.ioOnClosedChannel }
            try await parts.ready.get()
            return SMTPConnection(channel, parts)
        } catch let error as MailError {
            throw error
        } catch {
            throw MailError(connection: error)
        }
    }

    /// Whether it has ended.
    var isOver: Bool { life.isOver.load(ordering: .acquiring) }

    func send(_ envelope: SMTPEnvelope, until deadline: NIODeadline) async throws(MailError) {
        let result: Result<Void, MailError> = await withCheckedContinuation { continuation in
            channel.eventLoop.execute { [handler] in
                handler.value.send(envelope, until: deadline) { continuation.resume(returning: $0) }
            }
        }
        try result.get()
    }

    /// Takes leave.
    func close() { channel.eventLoop.execute { [handler] in handler.value.close() } }

    static func brief(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first { brief(failure.error) } else { "there is no such host" }
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout: "no connection in time"
        default: "the connection broke"
        }
    }
}
