// Who may use which connection.

import NIOCore
import NIOPosix
import Synchronization

/// Gives out places for connections, a bounded number, with the connections that were kept in them. Who comes when none is free waits in line.
final class SMTPPool: Sendable {
    /// The right to have a connection, and one if there is one already.
    struct Place: Sendable {
        var connection: SMTPConnection?
        /// How many times it has been given back.
        var uses = 0
    }

    private typealias Answer = Result<Place, MailError>

    private struct Waiting {
        let number: Int
        let answer: @Sendable (Answer) -> Void
        /// When it stops waiting.
        var end: Scheduled<Void>?
    }

    private struct State {
        /// Places that are given out or kept.
        var taken = 0
        var kept: [Int: (place: Place, end: Scheduled<Void>)] = [:]
        var waiting: [Waiting] = []
        var nextNumber = 0
        var isClosed = false

        mutating func number() -> Int {
            nextNumber += 1
            return nextNumber
        }
    }

    private let limit: Int
    private let idle: Duration
    private let uses: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many places there are.
    ///   - idle: how long a connection is kept.
    ///   - uses: how many times one is given out.
    init(limit: Int, idle: Duration, uses: Int) {
        self.limit = limit
        self.idle = idle
        self.uses = uses
    }

    func take(within time: Duration) async throws(MailError) -> Place {
        let answer: Answer = await withCheckedContinuation { continuation in
            let (answer, waits): (Answer?, Int?) = state.withLock { state in
                if state.isClosed { return (.failure(.unavailable("the mailer was closed")), nil) }
                // The newest first: of several, those that are not needed end.
                while let number = state.kept.keys.max(), let kept = state.kept.removeValue(forKey: number) {
                    kept.end.cancel()
                    // One that ended leaves its place.
                    return (.success(kept.place.connection?.isOver == false ? kept.place : Place()), nil)
                }
                if state.taken < limit {
                    state.taken += 1
                    return (.success(Place()), nil)
                }
                let number = state.number()
                state.waiting.append(Waiting(number: number) { continuation.resume(returning: $0) })
                return (nil, number)
            }
            if let answer { continuation.resume(returning: answer) }
            if let waits { giveUp(waits, in: TimeAmount(time)) }
        }
        return try answer.get()
    }

    /// Whether it is kept depends on the connection in it.
    func give(back place: Place) {
        var place = place
        place.uses += 1
        let isUsable = place.connection?.isOver == false && place.uses < uses
        let unwanted = isUsable ? nil : place.connection
        if !isUsable { place = Place() }
        let (next, closed): (Waiting?, SMTPConnection?) = state.withLock { state in
            if !state.isClosed, !state.waiting.isEmpty { return (state.waiting.removeFirst(), nil) }
            guard !state.isClosed, place.connection != nil else {
                state.taken -= 1
                return (nil, place.connection)
            }
            let number = state.number()
            let end = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(idle)) { [weak self] () -> Void in self?.end(number) }
            state.kept[number] = (place, end)
            return (nil, nil)
        }
        unwanted?.close()
        closed?.close()
        next?.end?.cancel()
        next?.answer(.success(place))
    }

    func close() {
        let (kept, waiting) = state.withLock { state in
            defer {
                state.isClosed = true
                state.taken -= state.kept.count
                state.kept = [:]
                state.waiting = []
            }
            return (Array(state.kept.values), state.waiting)
        }
        for kept in kept {
            kept.end.cancel()
            kept.place.connection?.close()
        }
        for waiting in waiting {
            waiting.end?.cancel()
            waiting.answer(.failure(.unavailable("the mailer was closed")))
        }
    }

    /// How many connections there are or may be at this moment, and how many of them are kept.
    var count: (taken: Int, kept: Int) { state.withLock { ($0.taken, $0.kept.count) } }

    private func end(_ number: Int) {
        let kept = state.withLock { state in
            let kept = state.kept.removeValue(forKey: number)
            if kept != nil { state.taken -= 1 }
            return kept
        }
        kept?.place.connection?.close()
    }

    private func giveUp(_ number: Int, in time: TimeAmount) {
        let end = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: time) { [weak self] () -> Void in
            let waiting = self?.state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
            }
            waiting?.answer(.failure(.unavailable("other mails took too long")))
        }
        let isWaiting = state.withLock { state in
            guard let place = state.waiting.firstIndex(where: { $0.number == number }) else { return false }
            state.waiting[place].end = end
            return true
        }
        if !isWaiting { end.cancel() }
    }
}
