// A cache that all processes of an index share.

import Metrics

/// Keys are `PREFIXemporium:INDEX:NAMESPACE:KEY`; values are framed (`CacheFrame`), so that what another program wrote there is a miss.
public struct RedisCache: Cache {
    private let client: RedisClient
    private let index: String
    private let prefix: String

    /// - Parameter index: what tells this index from others that use the same Redis: letters and digits.
    public init(_ client: RedisClient, index: String) {
        self.client = client
        self.index = index
        prefix = "\(client.location.prefix)emporium:\(index):"
    }

    public var isShared: Bool { true }

    /// Where it is, without anything secret.
    public var shown: String { client.location.shown }

    public func get(_ key: String, in namespace: CacheNamespace) async throws(CacheError) -> [UInt8]? {
        let place = place(of: key, namespace)
        let answer: RESPValue
        do throws(RedisError) {
            // No more than could be ours: what others left there may be of any size.
            answer = try await client.run(RedisCommand(["GETRANGE", place, "0", RedisWord(CacheNamespace.valueLimit + CacheFrame.head)], key: place))
        } catch {
            if case .refused(let refusal) = error, refusal.code == "WRONGTYPE" { return nil }
            throw CacheError(error)
        }
        guard let bytes = answer.bytes, !bytes.isEmpty else { return nil }
        let value = CacheFrame.read(bytes, for: place.bytes)
        if value == nil { Counter(label: "emporium_cache_foreign_values_total", dimensions: [("namespace", namespace.rawValue)]).increment() }
        return value
    }

    public func set(_ key: String, in namespace: CacheNamespace, to value: [UInt8], for lifetime: Duration) async throws(CacheError) {
        guard value.count <= CacheNamespace.valueLimit else { throw .tooLarge(limit: CacheNamespace.valueLimit) }
        let place = place(of: key, namespace)
        let frame = RedisWord(CacheFrame.write(value, for: place.bytes))
        _ = try await ask(RedisCommand(["SET", place, frame, "PX", RedisWord(lifetime.milliseconds)], key: place))
    }

    public func replace(_ key: String, in namespace: CacheNamespace, with value: [UInt8], for lifetime: Duration) async throws(CacheError) -> Bool {
        guard value.count <= CacheNamespace.valueLimit else { throw .tooLarge(limit: CacheNamespace.valueLimit) }
        let place = place(of: key, namespace)
        let frame = RedisWord(CacheFrame.write(value, for: place.bytes))
        // `OK`, or nothing where there was no such key.
        return try await ask(RedisCommand(["SET", place, frame, "PX", RedisWord(lifetime.milliseconds), "XX"], key: place)).text != nil
    }

    public func delete(_ key: String, in namespace: CacheNamespace) async throws(CacheError) {
        let place = place(of: key, namespace)
        _ = try await ask(RedisCommand(["UNLINK", place], key: place))
    }

    public func increment(
        _ key: String,
        in namespace: CacheNamespace,
        limit: Int,
        window: Duration
    ) async throws(CacheError) -> CacheWindow {
        guard limit > 0 else { return CacheWindow(isAllowed: false, remaining: 0, resetsAfter: .zero) }
        let place = place(of: key, namespace)
        let answer: RESPValue
        do throws(RedisError) {
            answer = try await client.evaluate(
                Self.counting,
                keys: [place],
                arguments: [RedisWord(limit), RedisWord(max(1000, window.microseconds))]
            )
        } catch {
            throw CacheError(error)
        }
        guard let numbers = answer.elements?.map(\.integer), numbers.count == 3, let allowed = numbers[0], let remaining = numbers[1],
            let reset = numbers[2]
        else { throw .unavailable("its answer to a script is not the script's") }
        return CacheWindow(isAllowed: allowed == 1, remaining: Int(remaining), resetsAfter: .microseconds(reset))
    }

    public func giveBack(_ key: String, in namespace: CacheNamespace) async throws(CacheError) {
        let place = place(of: key, namespace)
        do throws(RedisError) {
            _ = try await client.run(RedisCommand(["LPOP", place], key: place))
        } catch {
            // Something else lies there: then nothing was counted.
            if case .refused(let refusal) = error, refusal.code == "WRONGTYPE" { return }
            throw CacheError(error)
        }
    }

    public func publish(_ message: [UInt8], on channel: String) {
        let place = RedisWord(prefix + "channel:" + channel)
        client.tell(RedisCommand(["PUBLISH", place, RedisWord(CacheFrame.write(message, for: place.bytes))]))
    }

    public func messages(on channel: String) -> AsyncStream<[UInt8]> {
        let place = prefix + "channel:" + channel
        let frames = client.messages(on: place)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(256))
        let task = Task {
            for await frame in frames {
                if let message = CacheFrame.read(frame, for: Array(place.utf8)) { continuation.yield(message) }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    /// Whether what is published there now is heard.
    public func isListening(to channel: String) -> Bool { client.isListening(to: prefix + "channel:" + channel) }

    /// Takes this Redis (its database, and what has its prefix) for this index.
    ///
    /// - Parameter isTaken: `false` only looks whether it could be.
    /// - Throws: `.takenByAnotherIndex` when another one has.
    public func claim(isTaken: Bool = true) async throws(CacheError) {
        let place = RedisWord("\(client.location.prefix)emporium:owner")
        if isTaken { _ = try await ask(RedisCommand(["SET", place, RedisWord(index), "NX"], key: place)) }
        guard let owner = try await ask(RedisCommand(["GET", place], key: place)).text, owner != index else { return }
        throw .takenByAnotherIndex(
            "\(shown) (\(place.text) names \(owner.prefix(64)), this index is \(index)): use another database, or add prefix=NAME to the URL; "
                + "if that index is gone, delete the key"
        )
    }

    /// Asks the server about itself.
    /// - Parameter now: microseconds since 1970.
    public func status(now: Int64) async throws(CacheError) -> RedisStatus {
        try await RedisStatus(client, probe: place(of: "check", .queries), now: now)
    }

    /// Ends the connections.
    public func close() { client.close() }

    private func place(of key: String, _ namespace: CacheNamespace) -> RedisWord { RedisWord("\(prefix)\(namespace.rawValue):\(key)") }

    private func ask(_ command: RedisCommand) async throws(CacheError) -> RESPValue {
        do throws(RedisError) {
            return try await client.run(command)
        } catch {
            throw CacheError(error)
        }
    }

    /// A list of times in microseconds of the server's clock, newest first, never longer than the limit. Anything else under the key is thrown away.
    private static let counting = RedisScript(
        """
        local key, limit, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
        local clock = redis.call('TIME')
        local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
        local kind = redis.call('TYPE', key)['ok']
        if kind ~= 'list' and kind ~= 'none' then redis.call('DEL', key) end
        local function living(index)
            local time = redis.call('LINDEX', key, index)
            if not time then return nil end
            time = tonumber(time)
            if not time or time > now + 1000000 then
                redis.call('DEL', key)
                return nil
            end
            return time > now - window and time or nil
        end
        while redis.call('LLEN', key) > 0 and not living(-1) do redis.call('RPOP', key) end
        local count = redis.call('LLEN', key)
        local allowed = count < limit
        if allowed then
            redis.call('LPUSH', key, string.format('%.0f', now))
            redis.call('PEXPIRE', key, math.ceil(window / 1000))
            count = count + 1
        end
        local remaining = math.max(0, limit - count)
        local reset = living(remaining > 0 and 0 or limit - 1)
        return {allowed and 1 or 0, remaining, reset and math.max(0, reset + window - now) or 0}
        """
    )
}

extension RedisWord {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Duration {
    /// Whole milliseconds, at least one, and no more than a server takes.
    fileprivate var milliseconds: Int64 { max(1, min(microseconds / 1000, 1 << 46)) }
}

extension CacheError {
    init(_ error: RedisError) {
        if case .refused(let refusal) = error {
            // Such as `MISCONF`, `OOM`, `NOPERM`. While it reads its data, or has lost its master, it is as good as gone.
            self =
                ["LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY"].contains(refusal.code)
                ? .unavailable(refusal.text) : .refused(refusal.text)
        } else {
            self = .unavailable(error.reason)
        }
    }
}
