// How many clients are connected.

import HummingbirdCore
import Synchronization

/// The number of open connections.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ amount: Int) { count.wrappingAdd(amount, ordering: .relaxed) }
}

/// Takes connections up to a limit, and lets others see how many there are.
struct CountedConnections: AvailableConnectionsDelegate {
    let limit: Int
    let count: ConnectionCount

    func connectionOpened() { count.add(1) }
    func connectionClosed() { count.add(-1) }
    func isAcceptingNewConnections() -> Bool { count.value < limit }
}
