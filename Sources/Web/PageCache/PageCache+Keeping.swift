// What is kept, and what makes room for it.

import Registry
import Synchronization

extension PageCache {
    /// Keeps a response that was made outside ``response(for:make:)``: one that can not become stale, so that nobody has to know that it is being made.
    ///
    /// - Parameter key: without tags.
    func keep(_ response: CachedResponse, for key: Key) {
        precondition(key.tags.isEmpty)
        state.withLock { state in
            state.counts.misses &+= 1
            _ = keep(response, key, in: &state)
        }
    }

    /// - Returns: `false` when the page that is kept shows a later serial.
    func keep(_ response: CachedResponse, _ key: Key, in state: inout State) -> Bool {
        let cost = response.cost
        // One page never pushes all others out; what is only so for now is nobody's later answer.
        guard cost <= limit / 2, !response.isMomentary else { return true }
        let target = Array(key.target.utf8)
        let hash = target.withUnsafeBytes(Self.hash)
        let isNegative = response.status != 200
        if let page = state.pages[hash] {
            let serial = page.variants.lazy.compactMap { $0?.lastSerial }.first
            if let serial, let new = response.lastSerial, new < serial { return false }
            // Another target with the same hash, another answer, or an older state.
            if page.target != target || page.isNegative != isNegative || serial != response.lastSerial { Self.remove(hash, from: &state) }
        }
        if state.pages[hash] == nil {
            state.nextTicket += 1
            let page = Page(key, isNegative: isNegative, ticket: state.nextTicket)
            state.pages[hash] = page
            state.cost += page.cost
            if isNegative { state.negativeCost += page.cost }
            for tag in key.tags { state.byTag[tag, default: []].insert(hash) }
            if isNegative { state.negatives.append(hash, page.ticket) } else { state.queue.append(hash, page.ticket) }
        }
        state.pages[hash]?.variants[key.variant.slot] = response
        state.pages[hash]?.cost += cost
        state.cost += cost
        if isNegative { state.negativeCost += cost }
        makeRoom(in: &state)
        return true
    }

    static func remove(_ hash: UInt64, from state: inout State) {
        guard let page = state.pages.removeValue(forKey: hash) else { return }
        state.cost -= page.cost
        if page.isNegative { state.negativeCost -= page.cost }
        for tag in page.tags {
            state.byTag[tag]?.remove(hash)
            if state.byTag[tag]?.isEmpty == true { state.byTag[tag] = nil }
        }
    }

    private func makeRoom(in state: inout State) {
        while state.negatives.count > negativeLimit || state.negativeCost > negativeShare, let entry = state.negatives.popFirst() {
            if state.pages[entry.hash]?.ticket == entry.ticket { Self.remove(entry.hash, from: &state) }
        }
        while state.cost > limit, let entry = state.queue.popFirst() ?? state.negatives.popFirst() {
            guard let page = state.pages[entry.hash], page.ticket == entry.ticket else { continue }
            if page.wasUsed, !page.isNegative {
                state.pages[entry.hash]?.wasUsed = false
                state.queue.append(entry.hash, entry.ticket)
            } else {
                Self.remove(entry.hash, from: &state)
                state.counts.evictions &+= 1
            }
        }
        // Pages that were dropped leave their entries behind.
        if state.queue.count > 2 * state.pages.count + 1024 {
            state.queue.removeAll { entry in state.pages[entry.hash]?.ticket != entry.ticket }
        }
    }
}
