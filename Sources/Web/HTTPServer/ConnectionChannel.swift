// Connections, also those that come in the last moment.

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import Synchronization

/// HTTP/1 as the framework does it, but for connections that are accepted in the moment in which the server stops listening. The framework lets go of those, and the
/// library below it ends the whole program for that: here they are closed instead, and proxies turn to another process.
struct ConnectionChannel: ServerChildChannel {
    typealias Connection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    private let http: HTTP1Channel

    init(_ http: HTTP1Channel) {
        self.http = http
    }

    final class Value: ServerChildChannelValue {
        private let connection: Connection
        private let isTaken = Atomic(false)

        var channel: any Channel { connection.channel }

        init(_ connection: Connection) {
            self.connection = connection
        }

        deinit {
            guard !isTaken.load(ordering: .relaxed) else { return }
            // Nobody waits for it any more.
            Task { [connection] in try? await connection.executeThenClose { _, _ in } }
        }

        func take() -> Connection {
            isTaken.store(true, ordering: .relaxed)
            return connection
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        http.setup(channel: channel, logger: logger).map { Value($0) }
    }

    func handle(value: Value, logger: Logger) async { await http.handle(value: value.take(), logger: logger) }
}
