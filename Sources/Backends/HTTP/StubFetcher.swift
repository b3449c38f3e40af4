import Synchronization

/// Answers from memory what a test told it to, and remembers what it was asked.
public final class StubFetcher: HTTPFetching {
    /// What to answer to the next request.
    public typealias Answer = Result<HTTPFetchResponse, HTTPFetchError>

    private struct State {
        var script: [Answer]
        var requests: [HTTPFetchRequest] = []
    }

    private let state: Mutex<State>

    /// - Parameter answers: in order; the last one is given again and again. None at all is a connection that fails.
    public init(_ answers: [Answer] = []) { state = Mutex(State(script: answers)) }

    /// Everything that was asked for, in order.
    public var requests: [HTTPFetchRequest] { state.withLock { $0.requests } }

    public func fetch(_ request: HTTPFetchRequest) async throws(HTTPFetchError) -> HTTPFetchResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.script.count > 1 ? state.script.removeFirst() : state.script.first ?? .failure(.notConnected("nothing is scripted"))
        }
        return try answer.get()
    }
}
