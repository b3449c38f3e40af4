// Redis, for whoever wants to ask it something.

import Metrics
import NIOCore
import NIOSSL

/// A Redis of any arrangement: one server, a master that sentinels know, a cluster.
///
/// Nobody waits longer than the deadline of what was asked, and while Redis is known to be gone nobody waits at all. A command is sent once; only one that certainly
/// did not run (a redirection, a server that is no master any more) is sent again.
public final class RedisClient: Sendable {
    private enum Servers {
        case one(RedisNode)
        case cluster(RedisCluster)
    }

    public let location: RedisLocation
    private let options: RedisOptions
    private let servers: Servers
    private let subscriber: RedisSubscriber
    /// Tells when sentinels have made another server the master.
    private let watch: RedisSentinelWatch?

    /// Connects when something is asked for the first time.
    ///
    /// - Throws: `RedisLocation.Fault` when a file that the location names can not be used.
    public init(_ location: RedisLocation, options: RedisOptions = RedisOptions()) throws(RedisLocation.Fault) {
        self.location = location
        self.options = options
        var setup = RedisConnection.Setup(login: location.login, database: location.database, tls: try location.tls())
        setup.clientName = options.clientName
        setup.timeout = options.connectTimeout
        setup.commandLimit = options.commandLimit
        setup.byteLimit = options.byteLimit
        let subscriber: RedisSubscriber.Connect
        switch location.arrangement {
        case .single(let address):
            servers = .one(
                RedisNode(waitingLimit: options.commandLimit) { [setup] onEnd throws(RedisError) in
                    try await RedisConnection.open(to: address, setup.with(onEnd: onEnd))
                }
            )
            subscriber = { [setup] onPush, onEnd throws(RedisError) in
                try await RedisConnection.open(to: address, setup.with(onPush: onPush, onEnd: onEnd))
            }
            watch = nil
        case .sentinels(let addresses, let master):
            var asking = setup
            asking.login = location.sentinelLogin
            asking.database = 0
            let sentinel = RedisSentinel(sentinels: addresses, master: master, setup: asking)
            let node = RedisNode(waitingLimit: options.commandLimit) { [setup] onEnd throws(RedisError) in
                try await sentinel.connect(setup.with(onEnd: onEnd))
            }
            servers = .one(node)
            subscriber = { [setup] onPush, onEnd throws(RedisError) in try await sentinel.connect(setup.with(onPush: onPush, onEnd: onEnd)) }
            watch = RedisSentinelWatch(sentinel, check: options.listeningCheck, timeout: options.timeout) { [weak node] in node?.reconnect() }
        case .cluster(let addresses):
            let cluster = RedisCluster(seeds: addresses, timeout: options.timeout) { [setup, options] address in
                RedisNode(waitingLimit: options.commandLimit) { onEnd throws(RedisError) in
                    try await RedisConnection.open(to: address, setup.with(onEnd: onEnd))
                }
            }
            servers = .cluster(cluster)
            subscriber = { [setup, weak cluster] onPush, onEnd throws(RedisError) in
                try await RedisConnection.open(to: cluster?.reachable() ?? addresses[0], setup.with(onPush: onPush, onEnd: onEnd))
            }
            watch = nil
        }
        self.subscriber = RedisSubscriber(check: options.listeningCheck, timeout: options.timeout, connect: subscriber)
    }

    deinit { close() }

    /// Ends all connections; what waits fails.
    public func close() {
        switch servers {
        case .one(let node): node.close()
        case .cluster(let cluster): cluster.close()
        }
        subscriber.close()
        watch?.close()
    }

    /// Asks for an answer. Does not hear of the task's cancellation: its deadline comes soon enough.
    ///
    /// - Parameter timeout: for everything; that of the options where it is `nil`.
    public func run(_ command: RedisCommand, timeout: Duration? = nil) async throws(RedisError) -> RESPValue {
        let timeout = timeout ?? options.timeout
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let bytes = RESPWriter.command(command.words)
        do throws(RedisError) {
            switch servers {
            case .cluster(let cluster): return try await cluster.run(command, bytes: bytes, timeout: timeout, deadline: deadline)
            case .one(let node):
                do throws(RedisError) {
                    return try await RedisRequest.answer(to: bytes, timeout: timeout, deadline: deadline) { node.submit($0) }
                } catch {
                    guard let watch, case .refused(let refusal) = error, refusal.code == "READONLY" else { throw error }
                    // What was the master is none any more, and has not run the command.
                    watch.changed()
                    return try await RedisRequest.answer(to: bytes, timeout: timeout, deadline: deadline) { node.submit($0) }
                }
            }
        } catch {
            if case .refused = error { throw error }
            Counter(label: "emporium_redis_failures_total", dimensions: [("kind", error.kind)]).increment()
            throw error
        }
    }

    /// Sends a command without a key whose answer nobody wants, or drops it: it is never waited for.
    public func tell(_ command: RedisCommand) {
        let timeout = options.timeout
        let request = RedisRequest(RESPWriter.command(command.words), timeout: timeout, deadline: .now() + TimeAmount(timeout)) { answer in
            guard case .failure(let error) = answer else { return }
            Counter(label: "emporium_redis_failures_total", dimensions: [("kind", error.kind)]).increment()
        }
        switch servers {
        case .one(let node): node.submit(request)
        case .cluster(let cluster): cluster.submit(request)
        }
    }

    /// Runs a script as one step.
    ///
    /// - Parameter keys: all that it touches; in a cluster they must be of one server.
    public func evaluate(_ script: RedisScript, keys: [RedisWord], arguments: [RedisWord], timeout: Duration? = nil) async throws(RedisError)
        -> RESPValue
    {
        let rest = [RedisWord(keys.count)] + keys + arguments
        do throws(RedisError) {
            return try await run(RedisCommand(["EVALSHA", RedisWord(script.digest)] + rest, key: keys.first), timeout: timeout)
        } catch {
            guard case .refused(let refusal) = error, refusal.code == "NOSCRIPT" else { throw error }
            return try await run(RedisCommand(["EVAL", RedisWord(script.source)] + rest, key: keys.first), timeout: timeout)
        }
    }

    /// The messages of a channel, from when it is subscribed to until the stream is let go. What is published while the connection is made again is lost, and of a
    /// listener that is slow the newest 256 are kept.
    public func messages(on channel: String) -> AsyncStream<[UInt8]> { subscriber.messages(on: channel) }

    /// Whether what is published there now is heard.
    public func isListening(to channel: String) -> Bool { subscriber.isListening(to: channel) }
}

extension RedisConnection.Setup {
    func with(onPush: @escaping @Sendable ([RESPValue]) -> Void = { _ in }, onEnd: @escaping @Sendable (RedisError) -> Void) -> Self {
        var setup = self
        setup.onPush = onPush
        setup.onEnd = onEnd
        return setup
    }
}
