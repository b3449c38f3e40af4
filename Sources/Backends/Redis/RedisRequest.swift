import NIOCore
import Synchronization

/// A command on its way, and who waits for its answer. It is finished once, by whoever comes first.
final class RedisRequest: Sendable {
    typealias Answer = Result<RESPValue, RedisError>

    let bytes: [UInt8]
    /// How many values answer it; the last one is the answer.
    let replies: Int
    let timeout: Duration
    let deadline: NIODeadline
    private let finish: Mutex<(@Sendable (Answer) -> Void)?>

    init(_ bytes: [UInt8], replies: Int = 1, timeout: Duration, deadline: NIODeadline, finish: @escaping @Sendable (Answer) -> Void) {
        self.bytes = bytes
        self.replies = replies
        self.timeout = timeout
        self.deadline = deadline
        self.finish = Mutex(finish)
    }

    func finish(_ answer: Answer) {
        let finish = finish.withLock { finish in
            defer { finish = nil }
            return finish
        }
        finish?(answer)
    }

    func fail(_ error: RedisError) { finish(.failure(error)) }

    /// Hands a request to `submit` and waits until it is finished. Cancelling the task does not end it: its deadline does.
    static func answer(
        to bytes: [UInt8],
        replies: Int = 1,
        timeout: Duration,
        deadline: NIODeadline,
        _ submit: (RedisRequest) -> Void
    ) async throws(RedisError) -> RESPValue {
        let answer: Answer = await withCheckedContinuation { continuation in
            submit(RedisRequest(bytes, replies: replies, timeout: timeout, deadline: deadline) { continuation.resume(returning: $0) })
        }
        return try answer.get()
    }
}
