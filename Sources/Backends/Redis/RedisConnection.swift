// One connection to one server.

import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A connection that speaks RESP3 and has logged in. Commands of many callers go over it at once and are answered in order; it ends for good with the first fault,
/// and with the first command that is not answered in time.
final class RedisConnection: Sendable {
    /// What a connection begins with, and what it may hold.
    struct Setup: Sendable {
        var login: RedisLocation.Login?
        var database = 0
        var tls: NIOSSLContext?
        /// As `CLIENT LIST` shows it.
        var clientName = "emporium"
        /// For connecting and logging in, together.
        var timeout: Duration = .seconds(1)
        /// How many commands, and bytes of them, may be unanswered.
        var commandLimit = 4096
        var byteLimit = 32 << 20
        var onPush: @Sendable ([RESPValue]) -> Void = { _ in }
        var onEnd: @Sendable (RedisError) -> Void = { _ in }
    }

    private let channel: any Channel
    private let handler: NIOLoopBound<RedisHandler>
    private let outbox: RedisOutbox

    private init(_ channel: any Channel, _ handler: NIOLoopBound<RedisHandler>, _ outbox: RedisOutbox) {
        self.channel = channel
        self.handler = handler
        self.outbox = outbox
    }

    /// Connects and logs in.
    ///
    /// - Throws: `.unavailable`, or `.refused` with what the server says to the login.
    static func open(to address: RedisLocation.Address, _ setup: Setup) async throws(RedisError) -> RedisConnection {
        let deadline = NIODeadline.now() + TimeAmount(setup.timeout)
        let connection: RedisConnection
        do {
            connection = try await connect(to: address, setup)
        } catch {
            throw .unavailable("\(address): \(brief(error))")
        }
        do throws(RedisError) {
            try await connection.logIn(setup, deadline)
            return connection
        } catch {
            connection.close()
            if case .refused(let refusal) = error {
                // Such as `ERR unknown command 'HELLO'`.
                throw refusal.text.contains("HELLO") && refusal.code == "ERR"
                    ? .unavailable("\(address): it does not speak RESP3: Redis 6 or later is needed") : error
            }
            throw .unavailable("\(address): \(error.reason)")
        }
    }

    private static func connect(to address: RedisLocation.Address, _ setup: Setup) async throws -> RedisConnection {
        let outbox = RedisOutbox(limit: setup.commandLimit, byteLimit: setup.byteLimit)
        // Kept here, for it leaves the pipeline when the other side hangs up at once.
        let made = Mutex<NIOLoopBound<RedisHandler>?>(nil)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(setup.timeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = setup.tls {
                        // A server's name goes into the greeting; of an address, only the certificate is looked at.
                        let isAddress = (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : address.host)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    let handler = RedisHandler(outbox: outbox, onPush: setup.onPush, onEnd: setup.onEnd)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    made.withLock { $0 = NIOLoopBound(handler, eventLoop: channel.eventLoop) }
                }
            }
            .connect(host: address.host, port: address.port).get()
        guard let handler = made.withLock({ $0 }) else { throw ChannelError.ioOnClosedChannel }
        return RedisConnection(channel, handler, outbox)
    }

    private static func brief(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first { brief(failure.error) } else { "there is no such host" }
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as ChannelError:
            if case .connectTimeout = error { "no connection in time" } else { "\(error)" }
        default: "\(error)"
        }
    }

    private func logIn(_ setup: Setup, _ deadline: NIODeadline) async throws(RedisError) {
        var hello: [RedisWord] = ["HELLO", "3"]
        if let login = setup.login { hello += ["AUTH", RedisWord(login.user), RedisWord(login.password)] }
        // Sentinels know no other word of it.
        hello += ["SETNAME", RedisWord(setup.clientName)]
        _ = try await run(RedisCommand(hello), timeout: setup.timeout, deadline: deadline)
        if setup.database != 0 {
            _ = try await run(RedisCommand(["SELECT", RedisWord(setup.database)]), timeout: setup.timeout, deadline: deadline)
        }
    }

    /// Sends a command and waits for its answer.
    func run(_ command: RedisCommand, timeout: Duration, deadline: NIODeadline? = nil) async throws(RedisError) -> RESPValue {
        try await RedisRequest.answer(
            to: RESPWriter.command(command.words),
            timeout: timeout,
            deadline: deadline ?? .now() + TimeAmount(timeout)
        ) { submit($0) }
    }

    /// Why it has ended.
    var end: RedisError? { outbox.end }

    /// Takes a request, or fails it.
    func submit(_ request: RedisRequest) {
        guard outbox.add(request) else { return }
        channel.eventLoop.execute { [handler] in handler.value.send() }
    }

    /// Sends a command that is answered by pushes alone, such as SUBSCRIBE.
    func submitUnanswered(_ command: RedisCommand) {
        let bytes = RESPWriter.command(command.words)
        channel.eventLoop.execute { [handler] in handler.value.sendUnanswered(bytes) }
    }

    /// Ends it; what waits fails.
    func close() {
        channel.eventLoop.execute { [handler] in handler.value.end(.interrupted("it was closed on this side")) }
    }
}
