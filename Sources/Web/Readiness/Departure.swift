// Leaving without anybody noticing.

package import ServiceLifecycle
import Synchronization

/// Whether this process is about to stop. It still answers everything then, but says so to supervisors, and ends each connection with its next response: proxies
/// send what is new elsewhere before the server stops listening.
package final class Departure: Service {
    private let begun = Atomic(false)
    private let time: Duration

    /// - Parameter time: how long it goes on answering; as long as the slowest proxy takes to see that it leaves.
    init(time: Duration) {
        self.time = time
    }

    package var hasBegun: Bool { begun.load(ordering: .relaxed) }

    /// Ends when the time is over. What is stopped next may rely on that nobody begins anything with this process any more.
    package func run() async {
        try? await gracefulShutdown()
        begun.store(true, ordering: .relaxed)
        try? await Task.sleep(for: time)
    }
}
