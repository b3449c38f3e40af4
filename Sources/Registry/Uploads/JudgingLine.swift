// Whose upload is judged next.

import Dispatch
import Foundation
import Synchronization

/// Runs work that blocks or computes for long on threads of its own, as many at a time as there are processors. Senders take turns, however many uploads one of
/// them sends at once; who waits occupies no thread, and leaves the line when the task is cancelled.
package final class JudgingLine: Sendable {
    /// A line's limits.
    struct Limits: Sendable {
        /// Pieces of work at a time.
        var threads = max(2, ProcessInfo.processInfo.activeProcessorCount)
        /// How many pieces may wait.
        var room = 512
        /// How many pieces of one sender may wait.
        var roomPerSender = 256
    }

    private struct Piece {
        let number: UInt64
        let sender: String
        let run: @Sendable () -> Void
        let cancel: @Sendable () -> Void
    }

    private struct Line {
        var lastNumber: UInt64 = 0
        var running: [String: Int] = [:]
        var busy = 0
        var waiting: [String: [Piece]] = [:]
        /// Senders of whom something waits; the one who was served last is last.
        var turns: [String] = []
        var count = 0
        var rejected = 0

        mutating func append(_ piece: Piece) {
            if waiting[piece.sender] == nil { turns.append(piece.sender) }
            waiting[piece.sender, default: []].append(piece)
            count += 1
        }

        mutating func begin(_ piece: Piece) {
            busy += 1
            running[piece.sender, default: 0] += 1
        }

        mutating func end(_ piece: Piece) {
            busy -= 1
            let left = running[piece.sender, default: 1] - 1
            running[piece.sender] = left > 0 ? left : nil
        }

        /// Takes the next piece: of the senders with the fewest in work, that of the one whose turn it is.
        mutating func next() -> Piece? {
            guard let place = turns.indices.min(by: { running[turns[$0], default: 0] < running[turns[$1], default: 0] }) else { return nil }
            let sender = turns.remove(at: place)
            guard var pieces = waiting.removeValue(forKey: sender), !pieces.isEmpty else { return nil }
            let piece = pieces.removeFirst()
            count -= 1
            if !pieces.isEmpty {
                waiting[sender] = pieces
                turns.append(sender)
            }
            return piece
        }

        mutating func remove(_ number: UInt64, of sender: String) -> Piece? {
            guard let place = waiting[sender]?.firstIndex(where: { $0.number == number }), let piece = waiting[sender]?.remove(at: place) else {
                return nil
            }
            count -= 1
            if waiting[sender]?.isEmpty == true {
                waiting[sender] = nil
                turns.removeAll { $0 == sender }
            }
            return piece
        }
    }

    private enum Entrance {
        case begin
        case wait
        case full
        case cancelled
    }

    private let limits: Limits
    private let queue = DispatchQueue(label: "emporium.judging", attributes: .concurrent)
    private let line = Mutex(Line())

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// How busy a line is.
    package struct Load: Sendable, Hashable {
        /// Pieces of work that are being done.
        package let busy: Int
        package let waiting: Int
        /// Those that were turned away since the process began, because too many waited.
        package let rejected: Int
    }

    package var load: Load { line.withLock { Load(busy: $0.busy, waiting: $0.count, rejected: $0.rejected) } }

    /// Runs `body` when it is its sender's turn.
    ///
    /// - Parameter sender: whose pieces of work wait for each other before they wait for anybody else's.
    /// - Throws: ``Rejection`` `unavailable` when too many wait; `CancellationError` when the task is cancelled before the turn came; what `body` throws.
    func run<Result: Sendable>(for sender: String, _ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let number = line.withLock { line in
            line.lastNumber += 1
            return line.lastNumber
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let piece = Piece(
                    number: number,
                    sender: sender,
                    run: { continuation.resume(with: Swift.Result { try body() }) },
                    cancel: { continuation.resume(throwing: CancellationError()) }
                )
                switch enter(piece) {
                case .begin: queue.async { self.keepWorking(piece) }
                case .wait: break
                case .full:
                    continuation.resume(
                        throwing: Rejection(.unavailable, "Too many uploads are being judged at this moment; try again in a few seconds.")
                    )
                case .cancelled: piece.cancel()
                }
            }
        } onCancel: {
            line.withLock { $0.remove(number, of: sender) }?.cancel()
        }
    }

    private func enter(_ piece: Piece) -> Entrance {
        line.withLock { line in
            // The handler of a cancellation waits for this lock: it finds the piece, or the piece finds the task cancelled.
            if Task.isCancelled { return .cancelled }
            if line.busy < limits.threads {
                line.begin(piece)
                return .begin
            }
            guard line.count < limits.room, line.waiting[piece.sender, default: []].count < limits.roomPerSender else {
                line.rejected += 1
                return .full
            }
            line.append(piece)
            return .wait
        }
    }

    /// Does a piece of work, then whichever is next, until nothing waits.
    private func keepWorking(_ first: Piece) {
        var current = first
        while true {
            current.run()
            let next = line.withLock { line -> Piece? in
                line.end(current)
                guard let next = line.next() else { return nil }
                line.begin(next)
                return next
            }
            guard let next else { return }
            current = next
        }
    }
}
