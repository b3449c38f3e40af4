import Synchronization

/// Listens to a sentinel for a change of masters. Without it a change would be noticed when the old master hangs up or refuses to write.
final class RedisSentinelWatch: Sendable {
    private let subscriber: RedisSubscriber
    private let listener: Task<Void, Never>
    let changed: @Sendable () -> Void

    init(_ sentinel: RedisSentinel, check: Duration, timeout: Duration, changed: @escaping @Sendable () -> Void) {
        self.changed = changed
        // Each time another one: the first may be the one that is gone.
        let turns = Turns()
        let subscriber = RedisSubscriber(check: check, timeout: timeout) { onPush, onEnd throws(RedisError) in
            try await RedisConnection.open(to: turns.next(of: sentinel.sentinels), sentinel.setup.with(onPush: onPush, onEnd: onEnd))
        }
        self.subscriber = subscriber
        let messages = subscriber.messages(on: "+switch-master")
        listener = Task {
            // NAME OLD-HOST OLD-PORT NEW-HOST NEW-PORT
            for await message in messages where message.split(separator: 0x20).first?.elementsEqual(sentinel.master.utf8) == true { changed() }
        }
    }

    func close() {
        listener.cancel()
        subscriber.close()
    }

    private final class Turns: Sendable {
        private let number = Mutex(0)

        func next(of addresses: [RedisLocation.Address]) -> RedisLocation.Address {
            number.withLock { number in
                defer { number += 1 }
                return addresses[number % addresses.count]
            }
        }
    }
}
