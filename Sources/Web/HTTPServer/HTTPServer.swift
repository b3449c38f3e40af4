// The web application on a socket.

package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// Makes the server of a web application.
package enum HTTPServer {
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - onRunning: called with the port once connections are accepted.
    package static func application(
        _ app: WebApp,
        host: String,
        port: Int,
        settings: WebSettings,
        logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) -> Application<WebApp> {
        let idleTimeout = TimeAmount.nanoseconds(Int64(settings.idleTimeout.components.seconds) * 1_000_000_000)
        return Application(
            responder: app,
            server: .http1(configuration: .init(additionalChannelHandlers: [ReasonPhraseInstaller()], idleTimeout: idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: nil,
                backlog: 1024,
                availableConnectionsDelegate: CountedConnections(limit: settings.connections, count: app.operation.connections)
            ),
            services: app.operation.services,
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger
        )
    }

    /// Serves on a free loopback port while `body` runs with that port, then stops and waits until every connection has ended.
    package static func serve<Result: Sendable>(
        _ app: WebApp,
        settings: WebSettings,
        logger: Logger,
        while body: (Int) async throws -> Result
    ) async throws -> Result {
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let server = application(app, host: "127.0.0.1", port: 0, settings: settings, logger: logger) { port in
            running.yield(port)
            running.finish()
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { running.finish() }
                try await server.run()
            }
            defer { group.cancelAll() }
            for await port in ports { return try await body(port) }
            // It ended before it listened, and says why.
            try await group.next()
            throw CancellationError()
        }
    }
}
