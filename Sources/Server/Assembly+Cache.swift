// The caches that the settings name.

import Backends
import Logging

extension Assembly {
    /// The cache of the index, and those parts of it that are in a Redis.
    static func openCache(_ settings: Settings, index: String) throws -> (cache: any Cache, shared: [RedisCache]) {
        let memory = MemoryCache()
        // Those in the same place share their connection.
        var clients: [RedisLocation: RedisCache] = [:]
        func open(_ location: CacheLocation, _ setting: String) throws -> any Cache {
            guard case .redis(let place) = location else { return memory }
            if let client = clients[place] { return client }
            do throws(RedisLocation.Fault) {
                let cache = RedisCache(try RedisClient(place), index: index)
                clients[place] = cache
                return cache
            } catch {
                throw CommandFailure("EMPORIUM_\(setting.uppercased()) is not valid: \(error).")
            }
        }
        let rest = try open(settings.cache, "cache_url")
        var parts: [CacheNamespace: any Cache] = [:]
        for namespace in CacheNamespace.allCases {
            guard let location = settings.cache(of: namespace) else { continue }
            parts[namespace] = try open(location, "cache_url_\(namespace.rawValue)")
        }
        let shared = clients.values.sorted { $0.shown < $1.shown }
        return (parts.isEmpty ? rest : DividedCache(rest, parts: parts), shared)
    }

    /// Takes the caches for this index. One that does not answer now may come later, and is kept apart from other indexes by its keys all the same.
    ///
    /// - Throws: ``CommandFailure`` when another index has one of them.
    static func claim(_ caches: [RedisCache], logger: Logger) async throws {
        for cache in caches {
            do throws(CacheError) {
                try await cache.claim()
            } catch {
                if case .takenByAnotherIndex = error { throw CommandFailure("EMPORIUM_CACHE_URL: \(error).") }
                logger.warning(
                    "The cache can not be used now; everything goes on without it.",
                    metadata: ["cache": "\(cache.shown)", "error": "\(error)"]
                )
            }
        }
    }
}
