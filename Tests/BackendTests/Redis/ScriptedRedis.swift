// A server that says what no Redis would.

import Backends
import Foundation
import Glibc
import Synchronization
import TestSupport

/// Greets as a Redis does, and answers every other command with the bytes that a test says; `nil` hangs up. One thread for each connection.
final class ScriptedRedis: Sendable {
    var port: Int { listener.port }
    private let listener: LoopbackListener
    private let answer: @Sendable ([String]) -> String?
    private let greetings = Atomic<Int>(0)

    /// How many connections have been greeted.
    var connections: Int { greetings.load(ordering: .relaxed) }

    init(_ answer: @escaping @Sendable ([String]) -> String?) throws {
        self.answer = answer
        listener = try LoopbackListener()
        listener.start { [weak self] connection in
            guard let self else { return _ = close(connection) }
            Thread { self.serve(connection) }.start()
        }
    }

    func client(_ options: RedisOptions = .patient) throws -> RedisClient {
        try RedisClient(RedisLocation("redis://127.0.0.1:\(port)"), options: options)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var parser = RESPParser()
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            var commands: [[String]] = []
            guard (try? parser.consume(buffer[..<count], { value in commands.append(value.elements?.compactMap(\.text) ?? []) })) != nil else {
                return
            }
            for command in commands {
                let isGreeting = command.first == "HELLO"
                if isGreeting { greetings.add(1, ordering: .relaxed) }
                guard let text = isGreeting ? "%0\r\n" : answer(command) else { return }
                _ = text.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            }
        }
    }
}
