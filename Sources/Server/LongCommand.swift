// What all commands have in common that take long.

import ArgumentParser
import Foundation
import Registry
import SQLDatabase
import Synchronization
import UnixSignals

/// Runs an operator's work: shows how far it is, gives the database as long as it needs, and ends soon when told to.
enum LongCommand {
    /// - Throws: what `body` throws; ``CommandFailure`` when it was stopped.
    static func run(_ body: (LongWork) async throws -> Void) async throws {
        let shown = ShownWork()
        let work = LongWork { shown.show($0) }
        do {
            try await DatabaseWork.$current.withValue(.maintenance) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                            work.stop()
                            // Whoever asks twice does not want to wait.
                            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { exit(128 + signal.rawValue) }
                        }
                    }
                    defer { group.cancelAll() }
                    try await body(work)
                }
            }
        } catch is CancellationError {
            throw CommandFailure("Stopped. Run it again and it goes on where it was.")
        }
    }
}

/// Shows the steps of long work on standard error, and its notes, which are results, on standard output.
private final class ShownWork: Sendable {
    private let line = Mutex<ProgressLine?>(nil)

    func show(_ step: LongWork.Step) {
        switch step {
        case .begin(let what, let total): line.withLock { $0 = ProgressLine(total: total, what: what) }
        case .done(let count): line.withLock { $0 }?.advance(by: count)
        case .skipped(let count): line.withLock { $0 }?.skip(count)
        case .end: line.withLock { $0 }?.finish()
        case .note(let text):
            print(text)
            fflush(nil)
        }
    }
}
