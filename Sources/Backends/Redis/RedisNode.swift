// One server that is kept connected.

import Metrics
import NIOCore
import NIOPosix
import Synchronization

/// One connection that all callers share, made again when it ends.
///
/// While it is being made for the first time, or again after it had worked, callers wait for it, each until its own deadline. Once that has failed they fail at once,
/// and the server is asked again in the background: after 50 ms, and then less and less often, up to every 5 s.
final class RedisNode: Sendable {
    private enum Link {
        /// Nobody has asked yet.
        case idle
        /// Callers wait for it.
        case connecting
        case open(RedisConnection)
        /// It is tried again in the background.
        case down(String)
        case closed
    }

    private struct State {
        var link = Link.idle
        /// Who waits; nobody unless it is connecting.
        var waiting: [RedisRequest] = []
        /// Connections that end are told apart by it.
        var generation = 0
        /// How often in a row it could not be connected.
        var failures = 0
        var openedAt: ContinuousClock.Instant?
        /// How many connections in a row ended within a second.
        var shortLives = 0
        var connector: Task<Void, Never>?
    }

    private let connect: @Sendable (_ onEnd: @escaping @Sendable (RedisError) -> Void) async throws(RedisError) -> RedisConnection
    private let waitingLimit: Int
    private let state = Mutex(State())

    /// - Parameter connect: makes a connection; it may find out anew which server that is to.
    init(
        waitingLimit: Int,
        connect: @escaping @Sendable (_ onEnd: @escaping @Sendable (RedisError) -> Void) async throws(RedisError) -> RedisConnection
    ) {
        self.waitingLimit = waitingLimit
        self.connect = connect
    }

    deinit { close() }

    /// Sends a request, or keeps it until there is a connection, or fails it.
    func submit(_ request: RedisRequest) {
        enum Step {
            case send(RedisConnection)
            case wait
            case fail(RedisError)
        }
        let step: Step = state.withLock { state in
            switch state.link {
            case .open(let connection): return .send(connection)
            case .down(let reason): return .fail(.unavailable(reason))
            case .closed: return .fail(.unavailable("the client was closed"))
            case .idle:
                begin(&state)
                state.waiting.append(request)
                return .wait
            case .connecting:
                guard state.waiting.count < waitingLimit else { return .fail(.busy(commands: state.waiting.count)) }
                state.waiting.append(request)
                return .wait
            }
        }
        switch step {
        case .send(let connection): connection.submit(request)
        case .fail(let error): request.fail(error)
        case .wait:
            MultiThreadedEventLoopGroup.singleton.next().scheduleTask(deadline: request.deadline) { [weak self, weak request] in
                if let request { self?.giveUp(request) }
            }
        }
    }

    /// Fails what still waits for a connection. What has one is that one's business: it may have run.
    private func giveUp(_ request: RedisRequest) {
        let hasWaited = state.withLock { state in
            guard let place = state.waiting.firstIndex(where: { $0 === request }) else { return false }
            state.waiting.remove(at: place)
            return true
        }
        if hasWaited { request.fail(.timedOut(request.timeout, mayHaveRun: false)) }
    }

    /// Why nothing can be sent just now.
    var fault: String? {
        state.withLock { state in
            switch state.link {
            case .down(let reason): reason
            case .closed: "the client was closed"
            default: nil
            }
        }
    }

    /// Drops the connection for a new one: the server is not the one to be asked any more.
    func reconnect() {
        let old: RedisConnection? = state.withLock { state in
            guard case .open(let connection) = state.link else { return nil }
            begin(&state)
            return connection
        }
        old?.close()
    }

    func close() {
        let (old, waiting, connector): (RedisConnection?, [RedisRequest], Task<Void, Never>?) = state.withLock { state in
            defer {
                state.link = .closed
                state.waiting = []
                state.generation += 1
            }
            let connection: RedisConnection? = if case .open(let connection) = state.link { connection } else { nil }
            return (connection, state.waiting, state.connector)
        }
        connector?.cancel()
        old?.close()
        for request in waiting { request.fail(.unavailable("the client was closed")) }
    }

    /// - Parameter delay: where it is known to be down; otherwise callers wait for it from now on.
    private func begin(_ state: inout State, after delay: Duration? = nil) {
        state.generation += 1
        let generation = state.generation
        if delay == nil { state.link = .connecting }
        state.connector = Task { [weak self, connect] in
            var delay = delay
            while true {
                if let delay { try? await Task.sleep(for: delay) }
                guard !Task.isCancelled else { return }
                let result: Result<RedisConnection, RedisError>
                do throws(RedisError) {
                    result = .success(try await connect { [weak self] error in self?.ended(generation, error) })
                } catch {
                    result = .failure(error)
                }
                switch result {
                case .success(let connection):
                    guard let self, self.opened(generation, connection) else { return connection.close() }
                    return
                case .failure(let error):
                    guard let next = self?.failed(generation, error) else { return }
                    delay = next
                }
            }
        }
    }

    private func opened(_ generation: Int, _ connection: RedisConnection) -> Bool {
        let waiting: [RedisRequest]? = state.withLock { state in
            guard state.generation == generation else { return nil }
            defer { state.waiting = [] }
            state.link = .open(connection)
            state.failures = 0
            state.openedAt = .now
            return state.waiting
        }
        guard let waiting else { return false }
        Counter(label: "emporium_redis_connections_total").increment()
        // It may have ended while nobody counted on it yet.
        if let end = connection.end { ended(generation, end) }
        for request in waiting { connection.submit(request) }
        return true
    }

    /// - Returns: how long to wait before the next attempt; `nil` for none.
    private func failed(_ generation: Int, _ error: RedisError) -> Duration? {
        let (waiting, delay): ([RedisRequest], Duration?) = state.withLock { state in
            guard state.generation == generation else { return ([], nil) }
            defer { state.waiting = [] }
            state.link = .down(error.reason)
            state.failures += 1
            return (state.waiting, Self.delay(after: state.failures))
        }
        for request in waiting { request.fail(.unavailable(error.reason)) }
        return delay
    }

    private func ended(_ generation: Int, _ error: RedisError) {
        state.withLock { state in
            guard state.generation == generation else { return }
            guard case .open = state.link else { return }
            let isShort = state.openedAt.map { .now - $0 < .seconds(1) } ?? true
            state.shortLives = isShort ? state.shortLives + 1 : 0
            // One that hangs would take a new connection and hang again; one that always hangs up would be asked without end.
            let isTimeout = if case .timedOut = error { true } else { false }
            guard isTimeout || state.shortLives > 1 else { return begin(&state) }
            state.link = .down(error.reason)
            begin(&state, after: Self.delay(after: max(1, state.shortLives)))
        }
    }

    /// Not all processes at the same moment.
    static func delay(after failures: Int) -> Duration {
        let longest = min(5.0, 0.05 * Double(1 << min(failures - 1, 7)))
        return .milliseconds(Int(longest * Double.random(in: 0.5...1) * 1000))
    }
}
