// A network between two programs, to be broken.

import Glibc
import Synchronization

/// Passes connections on to another port of this machine, as long as it is let.
package final class Relay: Sendable {
    private enum Mode { case open, silent, cut }

    private struct State {
        var mode = Mode.open
        /// `nil` while it is cut.
        var listener: LoopbackListener?
        var connections: [Int: (Int32, Int32)] = [:]
        var next = 0
    }

    package let port: Int
    private let target: Int
    private let state: Mutex<State>

    /// - Parameter target: the port at the other end.
    package init(to target: Int) throws {
        self.target = target
        port = try SparePort.find()
        state = Mutex(State())
        try listen()
    }

    deinit { state.withLock { Self.end(&$0) } }

    /// Connections that are there are broken, new ones refused.
    package func cut() {
        state.withLock { state in
            state.mode = .cut
            Self.end(&state)
        }
    }

    /// Connections stay and new ones are taken, but no byte passes: a cable that was pulled.
    package func silence() { state.withLock { $0.mode = .silent } }

    /// As it was before anything was broken.
    package func restore() throws {
        let wasCut = state.withLock { state in
            defer { state.mode = .open }
            return state.mode == .cut
        }
        if wasCut { try listen() }
    }

    private static func end(_ state: inout State) {
        state.listener = nil
        for (one, other) in state.connections.values {
            shutdown(one, Int32(SHUT_RDWR))
            shutdown(other, Int32(SHUT_RDWR))
        }
    }

    private func listen() throws {
        let listener = try LoopbackListener(port: port)
        listener.start { [weak self] client in
            guard let self else { return _ = close(client) }
            pass(client)
        }
        state.withLock { $0.listener = listener }
    }

    private func pass(_ client: Int32) {
        guard let server = LoopbackListener.connect(to: target) else { return _ = close(client) }
        let number = state.withLock { state in
            state.next += 1
            state.connections[state.next] = (client, server)
            return state.next
        }
        let pair = Pair()
        for (from, to) in [(client, server), (server, client)] {
            WebClient.thread { [weak self] in
                Self.pump(from, to) { self?.state.withLock { $0.mode == .silent } ?? false }
                // The other direction may go on: a client that has said everything still reads.
                shutdown(to, Int32(SHUT_WR))
                guard pair.isSecond() else { return }
                _ = self?.state.withLock { $0.connections.removeValue(forKey: number) }
                close(client)
                close(server)
            }
        }
    }

    /// Which of two threads is the last.
    private final class Pair: Sendable {
        private let count = Atomic(0)
        func isSecond() -> Bool { count.add(1, ordering: .sequentiallyConsistent).newValue == 2 }
    }

    private static func pump(_ from: Int32, _ to: Int32, isSilent: () -> Bool) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            var waiting = pollfd(fd: from, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 50) >= 0 else { return }
            if isSilent() {
                usleep(20_000)
                continue
            }
            guard waiting.revents != 0 else { continue }
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            var sent = 0
            while sent < count {
                let more = buffer.withUnsafeBytes { send(to, $0.baseAddress! + sent, count - sent, Int32(MSG_NOSIGNAL)) }
                guard more > 0 else { return }
                sent += more
            }
        }
    }
}
