// What clients prefer, remembered by the header they said it with.

import Synchronization

/// The outcome of content negotiation by the bytes of a header: the same few clients ask with the same few headers.
final class Preferences<Choice: Sendable>: Sendable {
    private struct Known {
        let header: [UInt8]
        let choice: Choice
    }

    private let known = Mutex<[UInt64: Known]>([:])
    private let decide: @Sendable (String) -> Choice
    /// Beyond this many, somebody plays with headers.
    private static var limit: Int { 1024 }

    init(_ decide: @escaping @Sendable (String) -> Choice) {
        self.decide = decide
    }

    func choice(for header: UnsafeRawBufferPointer) -> Choice {
        var hasher = Hasher()
        hasher.combine(bytes: header)
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        if let known = known.withLock({ $0[hash] }), known.header.elementsEqual(header) { return known.choice }
        let choice = decide(String(decoding: header, as: UTF8.self))
        known.withLock { all in
            if all.count >= Self.limit { all.removeAll(keepingCapacity: true) }
            all[hash] = Known(header: Array(header), choice: choice)
        }
        return choice
    }
}
