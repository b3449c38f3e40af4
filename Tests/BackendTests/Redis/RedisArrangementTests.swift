// Encrypted connections, sentinels and clusters.

import Backends
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(4))) struct RedisArrangementTests {
    @Test func `an encrypted connection believes only the authority it is given`() async throws {
        try await withFolder { folder in
            let server = try await RedisServer(.encrypted, in: folder)
            let client = try server.client()
            defer { client.close() }
            #expect(try await client.ping() == "PONG")
            let large = RedisWord(Array(repeating: 7, count: 1 << 20))
            #expect(try await client.set("large", large) == "OK")
            #expect(try await client.run(RedisCommand(["GET", "large"]), timeout: .seconds(10)).bytes == large.bytes)
            let strict = try RedisClient(RedisLocation("rediss://:\(RedisServer.password)@127.0.0.1:\(server.port)"), options: .patient)
            defer { strict.close() }
            let error = try await strict.failure(of: RedisCommand(["PING"]), timeout: .seconds(5))
            #expect(!error.mayHaveRun)
            #expect(error.description.lowercased().contains("certificate"))
            // The certificate is one of 127.0.0.1, not of this name.
            let renamed = try RedisClient(
                RedisLocation("rediss://:\(RedisServer.password)@localhost:\(server.port)?ca=\(server.certificate)"),
                options: .patient
            )
            defer { renamed.close() }
            #expect(try await !renamed.failure(of: RedisCommand(["PING"]), timeout: .seconds(5)).mayHaveRun)
            // And nobody talks to it without.
            let plain = try RedisClient(RedisLocation("redis://:\(RedisServer.password)@127.0.0.1:\(server.port)"), options: .patient)
            defer { plain.close() }
            #expect(try await !plain.failure(of: RedisCommand(["PING"]), timeout: .seconds(5)).mayHaveRun)
        }
    }

    @Test func `the sentinels' master is found, also after another one has taken its place`() async throws {
        try await withFolder { folder in
            let master = try await RedisServer(in: folder)
            let replica = try await RedisServer(in: folder, "--replicaof", "127.0.0.1 \(master.port)")
            let sentinel = try await RedisServer(.sentinel(masterPort: master.port), in: folder)
            let silent = try SilentListener()
            var options = RedisOptions.patient
            options.connectTimeout = .milliseconds(500)
            // The first one never answers.
            let url =
                "redis://:\(RedisServer.password)@127.0.0.1:\(silent.port),127.0.0.1:\(sentinel.port)/0?sentinel=\(RedisServer.masterName)"
                + "&sentinel_password=\(RedisServer.sentinelPassword)"
            let client = try RedisClient(RedisLocation(url), options: options)
            defer { client.close() }
            try await waitUntil("the master is found") { (try? await client.ping(timeout: .seconds(3))) == "PONG" }
            #expect(try await client.set("before", "1") == "OK")
            let copy = try replica.client()
            defer { copy.close() }
            try await waitUntil("the replica has it") { (try? await copy.get("before")) == "1" }
            let watcher = try RedisClient(RedisLocation("redis://:\(RedisServer.sentinelPassword)@127.0.0.1:\(sentinel.port)"), options: .patient)
            defer { watcher.close() }
            try await waitUntil("the sentinel knows the replica") {
                try await watcher.run(RedisCommand(["SENTINEL", "REPLICAS", "\(RedisServer.masterName)"])).elements?.count == 1
            }
            try await master.kill()
            // Nobody says more than that it is not there.
            try await waitUntil("it is written to the new master") { (try? await client.set("after", "1")) == "OK" }
            try await waitUntil("it is there") { (try? await copy.get("after")) == "1" }
            try await waitUntil("so is what was there before") { (try? await client.get("before")) == "1" }
        }
    }

    @Test func `a master that was set aside is not written to any more`() async throws {
        try await withFolder { folder in
            let master = try await RedisServer(in: folder)
            let replica = try await RedisServer(in: folder, "--replicaof", "127.0.0.1 \(master.port)")
            let sentinel = try await RedisServer(.sentinel(masterPort: master.port), in: folder)
            let url =
                "redis://:\(RedisServer.password)@127.0.0.1:\(sentinel.port)?sentinel=\(RedisServer.masterName)"
                + "&sentinel_password=\(RedisServer.sentinelPassword)"
            let client = try RedisClient(RedisLocation(url), options: .patient)
            defer { client.close() }
            #expect(try await client.set("before", "1") == "OK")
            let watcher = try RedisClient(RedisLocation("redis://:\(RedisServer.sentinelPassword)@127.0.0.1:\(sentinel.port)"), options: .patient)
            defer { watcher.close() }
            // Refused until the sentinel has seen that the replica is a good one.
            try await waitUntil("the failover is begun") {
                (try? await watcher.run(RedisCommand(["SENTINEL", "FAILOVER", "\(RedisServer.masterName)"])).text) == "OK"
            }
            let copy = try replica.client()
            defer { copy.close() }
            try await waitUntil("it is written to the new master") {
                _ = try? await client.set("after", "1")
                // Its connections are cut when its role changes.
                guard let role = try? await copy.run(RedisCommand(["ROLE"])), role.elements?.first?.text == "master" else { return false }
                return (try? await copy.get("after")) == "1"
            }
        }
    }

    @Test func `keys of a cluster are found wherever they are, and follow when they move`() async throws {
        try await withFolder { folder in
            let servers = [
                try await RedisServer(.clusterNode, in: folder), try await RedisServer(.clusterNode, in: folder),
                try await RedisServer(.clusterNode, in: folder),
            ]
            try await RedisServer.join(servers)
            let client = try RedisClient(
                RedisLocation("redis://:\(RedisServer.password)@127.0.0.1:\(servers[0].port)?cluster=yes"),
                options: .patient
            )
            defer { client.close() }
            for number in 0..<100 { #expect(try await client.set("key-\(number)", RedisWord(number)) == "OK") }
            for number in 0..<100 { #expect(try await client.get("key-\(number)") == "\(number)") }
            let nodes = try servers.map { try $0.client() }
            defer { for node in nodes { node.close() } }
            for node in nodes { #expect(try await node.run(RedisCommand(["DBSIZE"])).integer ?? 0 > 0) }
            let script = RedisScript("return redis.call('GET', KEYS[1])")
            for number in 0..<10 { #expect(try await client.evaluate(script, keys: ["key-\(number)"], arguments: []).text == "\(number)") }

            // foo is in slot 12182, with the third server; it moves to the first.
            #expect(try await client.set("foo", "bar") == "OK")
            let ids = try await [nodes[0].run(RedisCommand(["CLUSTER", "MYID"])).text, nodes[2].run(RedisCommand(["CLUSTER", "MYID"])).text].map {
                RedisWord($0 ?? "")
            }
            _ = try await nodes[0].run(RedisCommand(["CLUSTER", "SETSLOT", "12182", "IMPORTING", ids[1]]))
            _ = try await nodes[2].run(RedisCommand(["CLUSTER", "SETSLOT", "12182", "MIGRATING", ids[0]]))
            // Half-way: what is not there any more is asked for at the other, for this once.
            _ = try await nodes[2].run(
                RedisCommand(["MIGRATE", "127.0.0.1", RedisWord(servers[0].port), "foo", "0", "5000", "AUTH", RedisWord(RedisServer.password)]),
                timeout: .seconds(5)
            )
            #expect(try await client.get("foo") == "bar")
            #expect(try await client.get("foo") == "bar")
            for node in nodes { _ = try await node.run(RedisCommand(["CLUSTER", "SETSLOT", "12182", "NODE", ids[0]])) }
            #expect(try await client.get("foo") == "bar")
            // Messages reach whoever listens at any of them.
            let heard = client.messages(on: "news")
            try await waitUntil("it listens") { client.isListening(to: "news") }
            _ = try await nodes[1].run(RedisCommand(["PUBLISH", "news", "one"]))
            var messages = heard.makeAsyncIterator()
            #expect(await messages.next() == Array("one".utf8))

            // Without one of them, the others' keys are there.
            try await servers[1].kill()
            var answered = 0
            try await waitUntil("what is left answers") {
                answered = 0
                for number in 0..<100 { if (try? await client.get("key-\(number)")) == "\(number)" { answered += 1 } }
                return answered > 40
            }
            #expect(answered < 100)
        }
    }
}
