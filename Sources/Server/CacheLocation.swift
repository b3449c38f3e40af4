// What EMPORIUM_CACHE_URL may say.

import Backends

/// Where the cache is.
enum CacheLocation: Sendable, Hashable {
    /// `memory:`, in each process for itself.
    case memory
    /// `redis://…` or `rediss://…`.
    case redis(RedisLocation)

    init(_ text: String) throws(RedisLocation.Fault) {
        if text == "memory:" {
            self = .memory
        } else if text.hasPrefix("redis://") || text.hasPrefix("rediss://") {
            self = .redis(try RedisLocation(text))
        } else {
            throw RedisLocation.Fault("it must begin with memory: or redis:// or rediss://")
        }
    }
}
