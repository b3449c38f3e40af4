// How a page is made once for all who ask.

import Registry
import Synchronization

extension PageCache {
    /// The response to a request: the kept one, or what `make` makes of it, once for all who ask meanwhile.
    ///
    /// - Throws: what `make` throws, to everybody who waited for it.
    func response(for key: Key, make: () async throws -> CachedResponse) async throws -> CachedResponse {
        while true {
            switch begin(key) {
            case .found(let response):
                return response
            case .wait(let ticket):
                if let response = try await wait(for: ticket) { return response }
            case .fill(let ticket):
                let result: Result<CachedResponse, any Error>
                do { result = .success(try await make()) } catch { result = .failure(error) }
                if let response = try end(ticket, key, result) { return response }
            }
        }
    }

    private enum Step {
        case found(CachedResponse)
        case wait(UInt64)
        case fill(UInt64)
    }

    private func begin(_ key: Key) -> Step {
        var target = key.target
        return target.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            let hash = Self.hash(bytes)
            return state.withLock { state -> Step in
                if let index = state.pages.index(forKey: hash),
                    let response = Self.hit(&state, index, bytes, { key.variant.format }, { key.variant.format }, { key.variant.coding })
                {
                    return .found(response)
                }
                let fillingKey = FillingKey(target: key.target, variant: key.variant)
                if let ticket = state.joinable[fillingKey] { return .wait(ticket) }
                state.counts.misses &+= 1
                state.nextTicket += 1
                let ticket = state.nextTicket
                state.fillings[ticket] = Filling(key: fillingKey, tags: key.tags)
                state.joinable[fillingKey] = ticket
                for tag in key.tags { state.joinableByTag[tag, default: []].insert(ticket) }
                return .fill(ticket)
            }
        }
    }

    /// - Returns: `nil` when there is nothing to wait for any more, or the maker was cancelled: then somebody else has to.
    private func wait(for ticket: UInt64) async throws -> CachedResponse? {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<CachedResponse, any Error>, Never>) in
            let isOver = state.withLock { state in
                guard state.fillings[ticket] != nil else { return true }
                state.fillings[ticket]?.waiters.append(continuation)
                return false
            }
            if isOver { continuation.resume(returning: .failure(CancellationError())) }
        }
        if case .failure(let error) = result, error is CancellationError { return nil }
        return try result.get()
    }

    /// Keeps what was made, unless it became stale while it was, and gives it to all who wait.
    ///
    /// - Returns: `nil` when a newer page was kept meanwhile: nobody who has seen that one may see this one.
    private func end(_ ticket: UInt64, _ key: Key, _ result: Result<CachedResponse, any Error>) throws -> CachedResponse? {
        let (waiters, isOutdated) = state.withLock { state in
            guard let filling = state.fillings.removeValue(forKey: ticket) else { preconditionFailure("an answer was ended twice") }
            if !filling.isStale { Self.stopJoining(ticket, filling, in: &state) }
            var isOutdated = false
            if case .success(let response) = result, !filling.isStale { isOutdated = !keep(response, key, in: &state) }
            return (filling.waiters, isOutdated)
        }
        for waiter in waiters { waiter.resume(returning: isOutdated ? .failure(CancellationError()) : result) }
        return isOutdated ? nil : try result.get()
    }

    static func stopJoining(_ ticket: UInt64, _ filling: Filling, in state: inout State) {
        state.joinable[filling.key] = nil
        for tag in filling.tags {
            state.joinableByTag[tag]?.remove(ticket)
            if state.joinableByTag[tag]?.isEmpty == true { state.joinableByTag[tag] = nil }
        }
    }
}
