/// What a Redis says of itself.
public struct RedisStatus: Sendable, Hashable {
    /// Such as `7.0.15`.
    public let version: String
    /// Why nothing can be written; `nil` when it can.
    public let writeFault: String?
    /// `nil` when it does not say.
    public let clock: ClockDifference?
    /// What should be changed.
    public let warnings: [String]

    /// - Parameters:
    ///   - probe: a key that may be written to and deleted.
    ///   - now: microseconds since 1970.
    init(_ client: RedisClient, probe: RedisWord, now: Int64) async throws(CacheError) {
        let info: String
        do throws(RedisError) {
            info = try await client.run(RedisCommand(["INFO"])).text ?? ""
        } catch {
            throw CacheError(error)
        }
        let facts = Dictionary(
            info.split(whereSeparator: \.isNewline).compactMap { line in
                line.firstIndex(of: ":").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
            },
            uniquingKeysWith: { $1 }
        )
        version = facts["redis_version"] ?? "of an unknown version"
        // The difference of two machines is seconds or more; the way there and back takes less.
        let answer = try? await client.run(RedisCommand(["TIME"]))
        clock = answer?.elements?.first?.text.flatMap { Int64($0) }.map { ClockDifference(seconds: $0 - now / 1_000_000) }
        do throws(RedisError) {
            _ = try await client.run(RedisCommand(["SET", probe, "1", "PX", "1000"], key: probe))
            _ = try await client.run(RedisCommand(["UNLINK", probe], key: probe))
            writeFault = nil
        } catch {
            writeFault = error.reason
        }
        var warnings: [String] = []
        let policy = facts["maxmemory_policy"] ?? ""
        if facts["maxmemory"] == "0" {
            warnings.append("it has no maxmemory: it may grow until the machine has none")
        } else if policy == "noeviction" {
            warnings.append("maxmemory-policy is noeviction: once full it takes nothing new; use volatile-lru")
        } else if policy.hasPrefix("allkeys") {
            warnings.append("maxmemory-policy is \(policy): counts of attempts may be thrown out; volatile-lru is better")
        }
        self.warnings = warnings
    }
}
