// Counters that many threads count on at once.

import Synchronization

/// A row of counters that is made once and never grows, so that counting is one addition without a lock.
struct AtomicCounters: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory belongs to this value alone, and is only reached through atomic operations.
    private let cells: UnsafeMutablePointer<Atomic<Int>>
    let count: Int

    init(count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for position in 0..<count { (cells + position).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    func add(_ amount: Int, at position: Int) {
        precondition(position >= 0 && position < count)
        cells[position].wrappingAdd(amount, ordering: .relaxed)
    }

    func value(at position: Int) -> Int {
        precondition(position >= 0 && position < count)
        return cells[position].load(ordering: .relaxed)
    }
}
