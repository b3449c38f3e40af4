// Slow questions that many ask at once.

import Dispatch
import ServiceLifecycle
import Synchronization

/// A question that is put once at a time however many ask, whose answer is kept for a while, and for which nobody waits longer than `patience`.
///
/// It is put by ``run()``, a service beside the server, so that it may go on while nobody waits any more.
final class SharedAnswer<Answer: Sendable>: Service {
    private struct State {
        var last: (answer: Answer, at: ContinuousClock.Instant)?
        var isAsking = false
        var waiting: [Int: CheckedContinuation<Answer?, Never>] = [:]
        var nextTicket = 0
    }

    private let lifetime: Duration
    private let patience: Duration
    private let ask: @Sendable () async -> Answer
    private let state = Mutex(State())
    private let questions: AsyncStream<Void>
    private let question: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - lifetime: how long an answer is given again.
    ///   - patience: how long a caller waits for one.
    init(keptFor lifetime: Duration, patience: Duration, ask: @escaping @Sendable () async -> Answer) {
        self.lifetime = lifetime
        self.patience = patience
        self.ask = ask
        (questions, question) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// An answer that is fresh; `nil` when there is none in time.
    func fresh() async -> Answer? {
        await withCheckedContinuation { continuation in
            let (answer, ticket): (Answer?, Int?) = state.withLock { state in
                if let last = state.last, .now - last.at < lifetime { return (last.answer, nil) }
                state.nextTicket += 1
                state.waiting[state.nextTicket] = continuation
                if !state.isAsking {
                    state.isAsking = true
                    question.yield()
                }
                return (nil, state.nextTicket)
            }
            guard let ticket else { return continuation.resume(returning: answer) }
            DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(patience / .nanoseconds(1)))) { [self] in
                state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: nil)
            }
        }
    }

    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            for await _ in questions {
                let answer = await ask()
                let waiting = state.withLock { state in
                    defer { state.waiting = [:] }
                    state.last = (answer, .now)
                    state.isAsking = false
                    return state.waiting.values
                }
                for continuation in waiting { continuation.resume(returning: answer) }
            }
        }
    }
}
