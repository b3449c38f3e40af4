import Synchronization

@testable import Registry

/// How often an index's caches were told to drop everything.
final class Drops: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    init(_ index: PackageIndex) {
        index.caches.add { change in
            if case .everything = change { self.number.withLock { $0 += 1 } }
        }
    }
}
