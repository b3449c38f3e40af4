// A server that says what no Redis would.

import Backends
import Foundation
import Glibc
import Synchronization
import TestSupport

/// Greets as a Redis does, and answers every other command with the bytes that a test says; `nil` hangs up. One thread for each connection.
final class ScriptedRedis: Sendable {
    let port: Int
    private let listener: Int32
    private let answer: @Sendable ([String]) -> String?
    private let greetings = Atomic<Int>(0)

    /// How many connections have been greeted.
    var connections: Int { greetings.load(ordering: .relaxed) }

    init(_ answer: @escaping @Sendable ([String]) -> String?) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        guard result == 0 else { throw ProgramError(description: "no socket: \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [weak self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else {
                    close(descriptor)
                    return
                }
                guard let server = self else {
                    close(connection)
                    continue
                }
                Thread { server.serve(connection) }.start()
            }
        }.start()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

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
