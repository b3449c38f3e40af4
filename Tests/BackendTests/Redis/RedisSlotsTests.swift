import Testing

@testable import Backends

@Suite struct RedisSlotsTests {
    private let asked = RedisLocation.Address(host: "asked", port: 7)

    // From the specification of clusters: CRC16 of 123456789 is 0x31C3; keys with the same tag lie together.
    @Test func `slots are those of the specification`() {
        #expect(RedisSlots.slot(of: Array("123456789".utf8)) == 0x31C3 % 16384)
        #expect(RedisSlots.slot(of: Array("foo".utf8)) == 12182)
        #expect(RedisSlots.slot(of: Array("{user1000}.following".utf8)) == RedisSlots.slot(of: Array("user1000".utf8)))
        #expect(RedisSlots.slot(of: Array("foo{{bar}}zap".utf8)) == RedisSlots.slot(of: Array("{bar".utf8)))
        #expect(RedisSlots.slot(of: Array("foo{bar}{zap}".utf8)) == RedisSlots.slot(of: Array("bar".utf8)))
        // Nothing between the braces: the whole key.
        #expect(RedisSlots.slot(of: Array("foo{}{bar}".utf8)) != RedisSlots.slot(of: Array("bar".utf8)))
        #expect(RedisSlots.slot(of: []) == 0)
    }

    @Test func `a map is read, and what is none is not`() throws {
        func range(_ first: Int64, _ last: Int64, _ host: String, _ port: Int64) -> RESPValue {
            .array([.integer(first), .integer(last), .array([.bulk(Array(host.utf8)), .integer(port), .bulk([])])])
        }
        let slots = try #require(RedisSlots(.array([range(0, 100, "a", 1), range(12182, 16383, "", 2)]), asked: asked))
        #expect(slots.masters[100]?.description == "a:1")
        #expect(slots.masters[101] == nil)
        #expect(slots[Array("foo".utf8)]?.description == "asked:2")
        for wrong in [range(-1, 1, "a", 1), range(2, 1, "a", 1), range(0, 16384, "a", 1), range(0, 1, "a", 0), .integer(1), .array([.integer(0)])] {
            #expect(RedisSlots(.array([wrong]), asked: asked) == nil)
        }
        #expect(RedisSlots(.simple("OK"), asked: asked) == nil)
    }

    @Test func `redirections are read`() throws {
        let moved = try #require(RedisRedirection(RESPError("MOVED 3999 127.0.0.1:6381"), asked: asked))
        #expect(moved.isLasting)
        #expect(moved.slot == 3999)
        #expect(moved.address.description == "127.0.0.1:6381")
        let ask = try #require(RedisRedirection(RESPError("ASK 1 ::1:6381"), asked: asked))
        #expect(!ask.isLasting)
        #expect(ask.address.host == "::1")
        #expect(RedisRedirection(RESPError("MOVED 1 :6381"), asked: asked)?.address.host == "asked")
        for text in ["MOVED", "MOVED 1", "MOVED x a:1", "MOVED 16384 a:1", "MOVED 1 a:0", "MOVED 1 a", "ERR 1 a:1", "MOVED 1 a:1 more"] {
            #expect(RedisRedirection(RESPError(text), asked: asked) == nil)
        }
    }
}
