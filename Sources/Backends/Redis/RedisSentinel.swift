// Which server is the master now.

/// Asks sentinels, one after the other, until one knows.
struct RedisSentinel: Sendable {
    let sentinels: [RedisLocation.Address]
    let master: String
    let setup: RedisConnection.Setup

    /// - Throws: `.unavailable` when none of them answers or knows.
    func find() async throws(RedisError) -> RedisLocation.Address {
        var faults: [String] = []
        for sentinel in sentinels {
            do throws(RedisError) {
                let connection = try await RedisConnection.open(to: sentinel, setup)
                defer { connection.close() }
                let answer = try await connection.run(
                    RedisCommand(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", RedisWord(master)]),
                    timeout: setup.timeout
                )
                if let address = Self.address(answer) { return address }
                faults.append("the sentinel \(sentinel) knows no master \(master)")
            } catch {
                faults.append("the sentinel \(error.reason)")
            }
        }
        throw .unavailable(faults.joined(separator: "; "))
    }

    /// Connects to whichever server is the master now.
    ///
    /// - Parameter setup: of the connection to the server.
    func connect(_ setup: RedisConnection.Setup) async throws(RedisError) -> RedisConnection {
        let address = try await find()
        let connection = try await RedisConnection.open(to: address, setup)
        do throws(RedisError) {
            try await checkRole(connection, address)
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    /// Of those that are thought to be masters, some have been set aside and do not know it yet.
    private func checkRole(_ connection: RedisConnection, _ address: RedisLocation.Address) async throws(RedisError) {
        let role = try await connection.run(RedisCommand(["ROLE"]), timeout: setup.timeout)
        guard role.elements?.first?.text == "master" else { throw .unavailable("\(address) is not the master") }
    }

    private static func address(_ answer: RESPValue) -> RedisLocation.Address? {
        guard let elements = answer.elements, elements.count == 2, let host = elements[0].text, let port = elements[1].integer,
            (1...65535).contains(port)
        else { return nil }
        return RedisLocation.Address(host: host, port: Int(port))
    }
}
