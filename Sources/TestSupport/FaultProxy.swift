// Between a client and a server, what networks and servers do wrong.

import Foundation
import Glibc
import Synchronization

/// Takes one request on each connection and does with it what a test says: passes it on, answers itself, or breaks off.
package final class FaultProxy: Sendable {
    /// What came in, without its body.
    package struct Request: Sendable {
        /// From 1 on, in the order in which they came.
        package let number: Int
        package let method: String
        package let target: String
        /// By name in lower case.
        package let headers: [String: String]
    }

    package enum Behaviour: Sendable {
        /// The server's own answer.
        case pass
        /// This one instead, once the request has been read.
        case answer(status: Int, headers: String = "", body: String = "")
        /// The connection breaks when the server has got this many bytes of the body.
        case cutRequest(after: Int)
        /// The connection breaks when the client has got this many bytes of the answer.
        case cutAnswer(after: Int)
        /// The server acts, but its answer is lost.
        case loseAnswer
        /// Nobody ever answers.
        case silence
    }

    package var port: Int { listener.port }
    private let listener: LoopbackListener
    private let upstream: Int
    private let behaviour: @Sendable (Request) -> Behaviour
    private let seen = Mutex<[Request]>([])

    /// Everything that was asked so far.
    package var requests: [Request] { seen.withLock { $0 } }

    /// - Parameter upstream: the port that requests are passed on to.
    package init(before upstream: Int = 0, _ behaviour: @escaping @Sendable (Request) -> Behaviour) throws {
        self.upstream = upstream
        self.behaviour = behaviour
        listener = try LoopbackListener()
        listener.start { [weak self] client in
            guard let self else { return _ = close(client) }
            WebClient.thread { self.serve(client) }
        }
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        guard var (head, body) = Self.readHead(client), let request = note(head) else { return }
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        let behaviour = behaviour(request)
        switch behaviour {
        case .silence:
            _ = Self.drain(client)
        case .answer(let status, let headers, let text):
            while body.count < length, let piece = Self.read(client) { body += piece }
            let answer =
                "HTTP/1.1 \(status) Scripted\r\nContent-Length: \(text.utf8.count)\r\n\(headers)Connection: close\r\n\r\n"
                + (request.method == "HEAD" ? "" : text)
            Self.write(client, Array(answer.utf8))
            shutdown(client, Int32(SHUT_WR))
            _ = Self.drain(client)
        case .pass, .cutRequest, .cutAnswer, .loseAnswer:
            guard let server = LoopbackListener.connect(to: upstream) else { return }
            defer { close(server) }
            head.replace("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n", maxReplacements: 1)
            Self.write(server, Array(head.utf8))
            var sent = 0
            var allowed = length
            if case .cutRequest(let count) = behaviour { allowed = min(count, length) }
            while sent < allowed {
                if body.isEmpty {
                    guard let piece = Self.read(client) else { return }
                    body = piece
                }
                let piece = Array(body.prefix(allowed - sent))
                guard Self.write(server, piece) else { break }
                sent += piece.count
                body.removeAll(keepingCapacity: true)
            }
            if case .cutRequest = behaviour { return Self.reset(client) }
            var passed = 0
            while let piece = Self.read(server) {
                if case .loseAnswer = behaviour { continue }
                var piece = piece
                if case .cutAnswer(let count) = behaviour { piece = Array(piece.prefix(count - passed)) }
                guard !piece.isEmpty, Self.write(client, piece) else { break }
                passed += piece.count
            }
        }
    }

    private func note(_ head: String) -> Request? {
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return seen.withLock { seen in
            let request = Request(number: seen.count + 1, method: String(words[0]), target: String(words[1]), headers: headers)
            seen.append(request)
            return request
        }
    }

    // MARK: Sockets

    private static func readHead(_ descriptor: Int32) -> (head: String, rest: [UInt8])? {
        var bytes: [UInt8] = []
        while let piece = read(descriptor) {
            bytes += piece
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                return (String(decoding: bytes[..<end.upperBound], as: UTF8.self), Array(bytes[end.upperBound...]))
            }
        }
        return nil
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private static func drain(_ descriptor: Int32) -> Int {
        var count = 0
        while let piece = read(descriptor) { count += piece.count }
        return count
    }

    @discardableResult
    private static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// As a machine that vanishes: the other side reads an error, not an end.
    private static func reset(_ descriptor: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
