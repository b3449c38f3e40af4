// Which server of a cluster has which keys.

/// The map from slots to servers, as CLUSTER SLOTS tells it.
struct RedisSlots: Sendable {
    static let count = 16384
    private(set) var masters: [RedisLocation.Address?] = Array(repeating: nil, count: count)

    init() {}

    /// - Parameter asked: the server that answered: it may say of itself only that it is itself.
    /// - Returns: `nil` for what is no such answer.
    init?(_ answer: RESPValue, asked: RedisLocation.Address) {
        guard let ranges = answer.elements else { return nil }
        for range in ranges {
            guard let parts = range.elements, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
                first >= 0, first <= last, last < Self.count, let server = parts[2].elements, server.count >= 2, let port = server[1].integer,
                (1...65535).contains(port)
            else { return nil }
            let host = server[0].text ?? ""
            let address = RedisLocation.Address(host: host.isEmpty || host == "?" ? asked.host : host, port: Int(port))
            for slot in first...last { masters[Int(slot)] = address }
        }
    }

    /// The slot of a key: of what stands between its first braces, if something does.
    static func slot(of key: [UInt8]) -> Int {
        var hashed = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")), let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1 {
            hashed = key[(open + 1)..<close]
        }
        var remainder: UInt16 = 0
        // CRC-16/XMODEM.
        for byte in hashed {
            remainder ^= UInt16(byte) << 8
            for _ in 0..<8 { remainder = remainder & 0x8000 == 0 ? remainder << 1 : remainder << 1 ^ 0x1021 }
        }
        return Int(remainder) % count
    }

    subscript(_ key: [UInt8]) -> RedisLocation.Address? { masters[Self.slot(of: key)] }

    mutating func move(_ slot: Int, to address: RedisLocation.Address) { if masters.indices.contains(slot) { masters[slot] = address } }
}

/// Another server has the key: for ever (`MOVED`) or for this once (`ASK`).
struct RedisRedirection: Sendable {
    let isLasting: Bool
    let slot: Int
    let address: RedisLocation.Address

    /// - Parameter asked: the server that said so.
    init?(_ error: RESPError, asked: RedisLocation.Address) {
        let words = error.text.split(separator: " ")
        guard words.count == 3, words[0] == "MOVED" || words[0] == "ASK", let slot = Int(words[1]), (0..<RedisSlots.count).contains(slot) else {
            return nil
        }
        // IPv6 stands there without brackets.
        guard let colon = words[2].lastIndex(of: ":"), let port = Int(words[2][words[2].index(after: colon)...]), (1...65535).contains(port) else {
            return nil
        }
        isLasting = words[0] == "MOVED"
        self.slot = slot
        let host = words[2][..<colon]
        address = RedisLocation.Address(host: host.isEmpty ? asked.host : String(host), port: port)
    }
}
