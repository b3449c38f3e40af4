// Ports of the loopback device.

import Glibc
import Synchronization

/// A port that nobody uses.
package enum SparePort {
    /// Below those that the system gives to outgoing connections: such a port could be somebody's by the time it is used.
    private static let range = 15_000..<32_000
    private static let next = Atomic(Int.random(in: 0..<range.count))

    /// Another one each time, and not one that somebody listens on.
    package static func find() throws -> Int {
        for _ in range {
            let candidate = range.lowerBound + next.add(1, ordering: .relaxed).newValue % range.count
            guard let (descriptor, port) = try? LoopbackListener.bound(to: candidate) else { continue }
            close(descriptor)
            return port
        }
        throw ProgramError(description: "no free port")
    }

    /// Whether somebody takes connections there.
    package static func isTaken(_ port: Int) -> Bool {
        guard let descriptor = LoopbackListener.connect(to: port) else { return false }
        close(descriptor)
        return true
    }
}
