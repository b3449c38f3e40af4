import Testing

@testable import Backends

@Suite struct RedisLocationTests {
    private func address(_ host: String, _ port: Int = 6379) -> RedisLocation.Address { .init(host: host, port: port) }

    @Test func `one server`() throws {
        let plain = try RedisLocation("redis://localhost")
        #expect(plain.arrangement == .single(address("localhost")))
        #expect(plain.login == nil)
        #expect(plain.database == 0)
        #expect(plain.encryption == nil)
        let full = try RedisLocation("redis://us%40er:pa%2Fss%3A@192.0.2.1:7000/3?prefix=team-a:")
        #expect(full.arrangement == .single(address("192.0.2.1", 7000)))
        #expect(full.login == .init(user: "us@er", password: "pa/ss:"))
        #expect(full.database == 3)
        #expect(full.prefix == "team-a:")
        #expect(try RedisLocation("redis://:word@h/").login == .init(user: "default", password: "word"))
        #expect(try RedisLocation("redis://[::1]:7000").arrangement == .single(address("::1", 7000)))
        #expect(try RedisLocation("redis://[::1]").arrangement == .single(address("::1")))
    }

    @Test func `several servers`() throws {
        #expect(try RedisLocation("redis://a,b:2,c?cluster=yes").arrangement == .cluster([address("a"), address("b", 2), address("c")]))
        let sentinels = try RedisLocation("redis://:word@a,b:1/2?sentinel=main&sentinel_password=other")
        #expect(sentinels.arrangement == .sentinels([address("a", 26379), address("b", 1)], master: "main"))
        #expect(sentinels.login?.password == "word")
        #expect(sentinels.sentinelLogin == .init(user: "default", password: "other"))
        #expect(sentinels.database == 2)
    }

    @Test func `encrypted`() throws {
        #expect(try RedisLocation("rediss://a").encryption == .init())
        #expect(
            try RedisLocation("rediss://a?ca=/etc/ca.pem&cert=/c&key=/k").encryption == .init(authority: "/etc/ca.pem", certificate: "/c", key: "/k")
        )
    }

    @Test(arguments: [
        "", "redis:", "http://a", "redis://", "redis://a b", "redis://a:0", "redis://a:99999", "redis://a:x", "redis://a,b",
        "redis://a,,b?cluster=yes",
        "redis://a/x", "redis://a/-1", "redis://a,b/1?cluster=yes", "redis://a?cluster=maybe", "redis://a?other=1", "redis://a?prefix",
        "redis://a?prefix=", "redis://a?prefix=%7Ba%7D", "redis://a?prefix=a%20b", "redis://word@a", "redis://user:@a", "redis://a?ca=/x",
        "rediss://a?cert=/x",
        "redis://a?cluster=yes&sentinel=m", "redis://[::1", "redis://[x]", "redis://::1",
    ])
    func `what can not be is refused`(text: String) { #expect(throws: RedisLocation.Fault.self) { try RedisLocation(text) } }

    @Test func `neither what is shown nor what is wrong holds a password`() throws {
        let location = try RedisLocation("rediss://user:secret@a:1/2?prefix=p&sentinel=m&sentinel_password=secret")
        #expect(location.shown == "Redis master m by way of the sentinels at a:1, database 2, prefix p, encrypted")
        for text in ["redis://user:secret@a/x", "redis://user:secret@a?other=1", "redis://secret@a"] {
            do throws(RedisLocation.Fault) {
                _ = try RedisLocation(text)
                Issue.record("\(text) is taken")
            } catch {
                #expect(!error.description.contains("secret"))
            }
        }
    }

    @Test func `files that can not be read are named`() throws {
        #expect(throws: RedisLocation.Fault("the certificates of ca can not be read")) {
            try RedisClient(RedisLocation("rediss://a?ca=/no/such/file"))
        }
    }
}
