// The conformance suite of the queue, on the engine of this run.

import Testing

/// What the queue promises; the stories are told in extensions, one file each.
@Suite(.timeLimit(.minutes(3))) struct JobQueueTests {
    struct WaitedInVain: Error {}

    /// Waits until `condition` holds.
    ///
    /// - Throws: ``WaitedInVain`` when it took longer than ten seconds.
    func until(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<2000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw WaitedInVain()
    }
}
