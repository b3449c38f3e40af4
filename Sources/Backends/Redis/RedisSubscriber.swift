// Hears what is published.

import NIOCore
import Synchronization

/// A connection of its own that only listens. When it breaks it is made again and listens to the same channels; what was published meanwhile is lost.
final class RedisSubscriber: Sendable {
    typealias Connect =
        @Sendable (_ onPush: @escaping @Sendable ([RESPValue]) -> Void, _ onEnd: @escaping @Sendable (RedisError) -> Void) async throws(RedisError)
        -> RedisConnection

    private struct State {
        var listeners: [String: [Int: AsyncStream<[UInt8]>.Continuation]] = [:]
        var nextListener = 0
        var connection: RedisConnection?
        var task: Task<Void, Never>?
        var isClosed = false
        /// Channels whose subscription the server has confirmed on this connection.
        var confirmed: Set<String> = []
    }

    private let connect: Connect
    private let check: Duration
    private let timeout: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - check: how often a connection on which nothing is said is asked whether it still lives.
    ///   - timeout: for its answer.
    init(check: Duration, timeout: Duration, connect: @escaping Connect) {
        self.check = check
        self.timeout = timeout
        self.connect = connect
    }

    deinit { close() }

    /// The messages of a channel from the moment it is subscribed to, until the stream is let go. Of a listener that is slow, the newest 256 are kept.
    func messages(on channel: String) -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(256))
        let (connection, isClosed): (RedisConnection?, Bool) = state.withLock { state in
            guard !state.isClosed else { return (nil, true) }
            let number = state.nextListener
            state.nextListener += 1
            let isFirst = state.listeners[channel] == nil
            state.listeners[channel, default: [:]][number] = continuation
            continuation.onTermination = { [weak self] _ in self?.remove(number, of: channel) }
            if state.task == nil { state.task = Task { [weak self] in await Self.listen { [weak self] in self } } }
            return (isFirst ? state.connection : nil, false)
        }
        connection?.submitUnanswered(RedisCommand(["SUBSCRIBE", RedisWord(channel)]))
        if isClosed { continuation.finish() }
        return stream
    }

    /// Whether what is published there now is heard.
    func isListening(to channel: String) -> Bool { state.withLock { $0.connection != nil && $0.confirmed.contains(channel) } }

    func close() {
        let (connection, task, listeners) = state.withLock { state in
            defer {
                state.isClosed = true
                state.connection = nil
                state.task = nil
                state.listeners = [:]
            }
            return (state.connection, state.task, state.listeners.values.flatMap(\.values))
        }
        task?.cancel()
        connection?.close()
        for listener in listeners { listener.finish() }
    }

    private func remove(_ number: Int, of channel: String) {
        let connection: RedisConnection? = state.withLock { state in
            state.listeners[channel]?[number] = nil
            guard state.listeners[channel]?.isEmpty == true else { return nil }
            state.listeners[channel] = nil
            state.confirmed.remove(channel)
            return state.connection
        }
        connection?.submitUnanswered(RedisCommand(["UNSUBSCRIBE", RedisWord(channel)]))
    }

    /// Connects again and again. Holds the subscriber only while it does something, so that letting go of it ends this.
    private static func listen(_ subscriber: @escaping @Sendable () -> RedisSubscriber?) async {
        var failures = 0
        while !Task.isCancelled {
            if let link = await subscriber()?.begin() {
                failures = 0
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { for await _ in link.life {} }
                    // A peer that is gone without a word is noticed by its silence, which ends the connection.
                    group.addTask {
                        while !Task.isCancelled, link.connection.end == nil {
                            try? await Task.sleep(for: link.check)
                            _ = try? await link.connection.run(RedisCommand(["PING"]), timeout: link.timeout)
                        }
                    }
                    await group.next()
                    group.cancelAll()
                }
                subscriber()?.lost()
            }
            guard !Task.isCancelled, subscriber() != nil else { return }
            failures += 1
            try? await Task.sleep(for: RedisNode.delay(after: failures))
        }
    }

    private struct Link: Sendable {
        let connection: RedisConnection
        /// Ends with the connection.
        let life: AsyncStream<Void>
        let check: Duration
        let timeout: Duration
    }

    private func begin() async -> Link? {
        let (life, end) = AsyncStream.makeStream(of: Void.self)
        let connection: RedisConnection
        do throws(RedisError) {
            connection = try await connect({ [weak self] values in self?.heard(values) }, { _ in end.finish() })
        } catch {
            return nil
        }
        let channels: [String]? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.connection = connection
            return Array(state.listeners.keys)
        }
        guard let channels else {
            connection.close()
            return nil
        }
        if !channels.isEmpty { connection.submitUnanswered(RedisCommand(["SUBSCRIBE"] + channels.map { RedisWord($0) })) }
        return Link(connection: connection, life: life, check: check, timeout: timeout)
    }

    private func lost() {
        state.withLock { state in
            state.connection = nil
            state.confirmed = []
        }
    }

    private func heard(_ values: [RESPValue]) {
        guard values.count == 3, let channel = values[1].text else { return }
        switch values[0].text {
        case "message":
            guard let message = values[2].bytes else { return }
            let listeners = state.withLock { $0.listeners[channel].map { Array($0.values) } ?? [] }
            for listener in listeners { listener.yield(message) }
        case "subscribe": state.withLock { state in _ = state.confirmed.insert(channel) }
        default: break
        }
    }
}
