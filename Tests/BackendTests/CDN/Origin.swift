// The index behind a CDN, as far as a CDN sees it.

import Foundation
import Glibc
import Synchronization
import TestSupport

/// A request as the origin got it.
struct OriginRequest: Sendable {
    let method: String
    let target: String
    /// Names in small letters.
    let headers: [String: String]
}

/// An HTTP server that answers what a test says and remembers what it was asked. One thread for each connection, one request on each.
final class Origin: Sendable {
    typealias Answer = @Sendable (OriginRequest, _ count: Int) -> (head: String, body: String)?

    private struct State {
        var requests: [OriginRequest] = []
        var answer: Answer
        var isDown = false
    }

    var port: Int { listener.port }
    private let listener: LoopbackListener
    private let state: Mutex<State>

    /// - Parameter answer: the status line and headers, each line but the last ended by CRLF; `nil` never answers. `count` is how often this target was asked for.
    init(_ answer: @escaping Answer = Origin.page) throws {
        state = Mutex(State(answer: answer))
        listener = try LoopbackListener()
        listener.start { [weak self] connection in
            guard let self else { return _ = close(connection) }
            Thread { self.serve(connection) }.start()
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [OriginRequest] { state.withLock { $0.requests } }

    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }
    /// Ends connections without an answer from now on, or no longer.
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// `/simple/NAME/` with the key `project/NAME`. Its text is how often it was asked for.
    static let page: Answer = { request, count in
        let name = request.target.split(separator: "/").last ?? ""
        return (
            """
            HTTP/1.1 200 OK\r
            Content-Type: text/plain\r
            Vary: Accept\r
            Surrogate-Key: all-projects project/\(name)\r
            Surrogate-Control: max-age=86400, stale-while-revalidate=300, stale-if-error=86400
            """, "\(count)"
        )
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        let parts = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n")
        guard parts.count > 1 else { return false }
        let length = parts[0].lowercased().components(separatedBy: "content-length: ").dropFirst().first?.prefix { $0.isNumber }
        return parts.dropFirst().joined(separator: "\r\n\r\n").utf8.count >= length.flatMap { Int($0) } ?? 0
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        while !Self.isWhole(bytes) {
            var buffer = [UInt8](repeating: 0, count: 16384)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let request = OriginRequest(method: words[0], target: words[1], headers: headers)
        let (answer, count, isDown) = state.withLock { state in
            state.requests.append(request)
            return (state.answer, state.requests.filter { $0.target == request.target }.count, state.isDown)
        }
        guard !isDown else { return }
        guard let (head, body) = answer(request, count) else {
            // Until the other side gives up.
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return
        }
        let text = "\(head)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        _ = text.withCString { Glibc.send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }
}

/// Asks again and again until an answer is as wanted.
func waitUntil(_ what: String, _ isSo: () async throws -> Bool) async throws {
    for _ in 0..<1500 {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw ProgramError(description: "it never happened: \(what)")
}

/// Something that a test changes while a server looks at it.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }
    func set(_ value: Bool) { state.withLock { $0 = value } }
}
