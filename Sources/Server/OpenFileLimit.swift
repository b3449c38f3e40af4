// How many files and sockets this process may have open.

import Glibc

/// The system's limit: the soft one holds, the hard one is how far a process may raise it by itself.
enum OpenFileLimit {
    /// A connection that downloads holds a file as well, and the index itself needs some.
    static let reserve = 1000

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static func read() -> rlimit? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? limit : nil
    }

    /// What `serve` will have; `nil` when the system does not say.
    static var hard: Int? { read().map { Int(clamping: $0.rlim_max) } }

    /// Raises the soft limit to the hard one: the usual soft one is less than a busy index has connections.
    static func raise() {
        guard var limit = read(), limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }

    /// What to say of a limit that does not do for so many connections; `nil` when it does.
    static func complaint(about limit: Int, connections: Int) -> String? {
        let needed = connections + reserve
        guard limit < needed else { return nil }
        return "\(limit) may be open; \(connections) connections may need \(needed): raise the hard limit (LimitNOFILE=, ulimit -Hn)"
    }
}
