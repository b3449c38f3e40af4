import NIOCore
import Synchronization

/// What callers hand to a connection, on its way to the event loop: many commands are taken over, and written, at once.
final class RedisOutbox: Sendable {
    private struct State {
        var waiting: [RedisRequest] = []
        var isTold = false
        var commands = 0
        var bytes = 0
        var end: RedisError?
    }

    private let limit: Int
    private let byteLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many commands may be unanswered.
    ///   - byteLimit: how many bytes they may have together.
    init(limit: Int, byteLimit: Int) {
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// Takes a request, or fails it at once.
    ///
    /// - Returns: whether the event loop has to be told.
    func add(_ request: RedisRequest) -> Bool {
        let (isNews, error): (Bool, RedisError?) = state.withLock { state in
            if let end = state.end { return (false, end) }
            guard state.commands < limit, state.bytes == 0 || state.bytes + request.bytes.count <= byteLimit else {
                return (false, .busy(commands: state.commands))
            }
            state.commands += 1
            state.bytes += request.bytes.count
            state.waiting.append(request)
            defer { state.isTold = true }
            return (!state.isTold, nil)
        }
        if let error { request.fail(error) }
        return isNews
    }

    /// Why it takes nothing any more.
    var end: RedisError? { state.withLock { $0.end } }

    func take() -> [RedisRequest] {
        state.withLock { state in
            defer { state.waiting = [] }
            state.isTold = false
            return state.waiting
        }
    }

    func finished(commands: Int, bytes: Int) {
        state.withLock { state in
            state.commands -= commands
            state.bytes -= bytes
        }
    }

    /// - Parameter error: for whatever is added from now on.
    /// - Returns: what was not taken yet.
    func end(_ error: RedisError) -> [RedisRequest] {
        state.withLock { state in
            defer { state.waiting = [] }
            state.end = error
            return state.waiting
        }
    }
}
