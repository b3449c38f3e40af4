// How far a long command is.

import Foundation
import Synchronization

/// A bar with rate and time left on a terminal, a line every few seconds elsewhere. It goes to standard error.
final class ProgressLine: Sendable {
    private struct State {
        var done = 0
        /// What an earlier run had done.
        var before = 0
        var lastShown = ContinuousClock.now
    }

    private let total: Int?
    private let what: String
    private let start = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    /// - Parameter total: `nil` when nobody knows.
    init(total: Int?, what: String) {
        self.total = total
        self.what = what
    }

    /// Counts what an earlier run had done, which says nothing of the rate.
    func skip(_ count: Int) {
        state.withLock {
            $0.done += count
            $0.before += count
        }
    }

    func advance(by count: Int = 1) {
        let done: Int? = state.withLock { state in
            state.done += count
            let now = ContinuousClock.now
            guard now - state.lastShown > (isTerminal ? .milliseconds(100) : .seconds(5)) else { return nil }
            state.lastShown = now
            return state.done
        }
        if let done { show(done, end: isTerminal ? "" : "\n") }
    }

    func finish() {
        show(state.withLock { $0.done }, end: "\n")
    }

    private func show(_ done: Int, end: String) {
        let elapsed = ContinuousClock.now - start
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = Double(done - state.withLock { $0.before }) / max(seconds, 0.001)
        guard let total else {
            let line = "\(isTerminal ? "\r" : "")\(done) \(what), \(Int(rate))/s"
            return FileHandle.standardError.write(Data((line + end).utf8))
        }
        let left = rate > 0 ? Int(Double(max(0, total - done)) / rate) : 0
        let width = 30
        let filled = total == 0 ? width : min(width, width * done / total)
        let bar = isTerminal ? "\r[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: width - filled))] " : ""
        let line = "\(bar)\(done)/\(total) \(what), \(Int(rate))/s, \(left) s left"
        FileHandle.standardError.write(Data((line + end).utf8))
    }
}
