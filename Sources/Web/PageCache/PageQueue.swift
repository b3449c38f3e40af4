// Which page goes next.

/// Pages in the order of their last chance: first in, first out.
struct PageQueue {
    struct Entry {
        let hash: UInt64
        let ticket: UInt64
    }

    private var entries: [Entry] = []
    private var head = 0

    var count: Int { entries.count - head }

    mutating func append(_ hash: UInt64, _ ticket: UInt64) { entries.append(Entry(hash: hash, ticket: ticket)) }

    mutating func popFirst() -> Entry? {
        guard head < entries.count else { return nil }
        defer {
            head += 1
            if head > 1024, head * 2 > entries.count {
                entries.removeFirst(head)
                head = 0
            }
        }
        return entries[head]
    }

    mutating func removeAll(where isGone: (Entry) -> Bool) {
        entries = entries[head...].filter { !isGone($0) }
        head = 0
    }
}
