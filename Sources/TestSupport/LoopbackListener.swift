// Sockets of this machine that tests listen on.

import Foundation
import Glibc
import Synchronization

/// Takes connections on a port of this machine until it is stopped or let go of.
package final class LoopbackListener: Sendable {
    /// The descriptor, as long as it is nobody else's. While a thread accepts, only that closes it, and says so here first: a number that was closed is another socket's
    /// soon, and who shuts that down breaks a connection of somebody far away.
    private final class Socket: Sendable {
        private let state: Mutex<(descriptor: Int32?, isAccepting: Bool)>

        init(_ descriptor: Int32) { state = Mutex((descriptor, false)) }

        func begin() -> Int32? {
            state.withLock { state in
                state.isAccepting = true
                return state.descriptor
            }
        }

        func stop() {
            state.withLock { state in
                guard let descriptor = state.descriptor else { return }
                if state.isAccepting { _ = shutdown(descriptor, Int32(SHUT_RDWR)) } else { Self.close(&state.descriptor) }
            }
        }

        func close() { state.withLock { Self.close(&$0.descriptor) } }

        private static func close(_ descriptor: inout Int32?) {
            if let number = descriptor { Glibc.close(number) }
            descriptor = nil
        }
    }

    package let port: Int
    private let socket: Socket

    /// Connections wait until ``start(_:)``.
    ///
    /// - Parameter port: 0 for any free one.
    package init(port: Int = 0) throws {
        let (descriptor, port) = try Self.bound(to: port)
        socket = Socket(descriptor)
        self.port = port
    }

    deinit { stop() }

    /// - Parameter take: gets each connection, on the thread that accepts the next; whoever takes it closes it.
    package func start(_ take: @escaping @Sendable (Int32) -> Void) {
        guard let descriptor = socket.begin() else { return }
        WebClient.thread { [socket] in
            while true {
                let connection = Self.next(of: descriptor)
                guard connection >= 0 else { return socket.close() }
                take(connection)
            }
        }
    }

    /// Takes no more connections.
    package func stop() { socket.stop() }

    /// A socket that listens on a port of this machine, closed in every child.
    ///
    /// - Returns: its descriptor, which is the caller's, and the port.
    static func bound(to port: Int = 0) throws -> (descriptor: Int32, port: Int) {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = address(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 128) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw ProgramError(description: "nobody can listen on port \(port): \(code)")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// A connection to a port of this machine; `nil` when nobody listens there.
    static func connect(to port: Int) -> Int32? {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = address(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return address
    }

    private static func next(of listener: Int32) -> Int32 {
        let connection = accept(listener, nil, nil)
        if connection >= 0 { _ = fcntl(connection, F_SETFD, FD_CLOEXEC) }
        return connection
    }
}
