// The web application on a socket.

package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

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
        // What is logged about each request has to be made for each request.
        let service =
            app.answersAnyone && logger.logLevel > .debug
            ? PageService(
                app.pages,
                app.operation.requests,
                app.operation.departure,
                app.downloads,
                settings,
                mountPath: app.mountPath,
                isCurrent: app.sendsKeptPages
            ) : nil
        return Application(
            responder: app,
            server: HTTPServerBuilder { responder in
                let installer: @Sendable () -> [any RemovableChannelHandler] = { [ConnectionInstaller(service, settings, app.operation)] }
                return ConnectionChannel(HTTP1Channel(responder: responder, configuration: .init(additionalChannelHandlers: installer())))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                serverName: nil,
                backlog: 1024,
                // Those beyond the limit are told so; those beyond this one have to wait until they can be.
                availableConnectionsDelegate: MaximumAvailableConnections(settings.connections + 1000)
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
        var configuration = ServiceGroupConfiguration(services: [server], logger: logger)
        // Whoever has not ended by then has left a request half sent.
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        let service = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { running.finish() }
                try await service.run()
            }
            for await port in ports {
                let result: Swift.Result<Result, any Error>
                do { result = .success(try await body(port)) } catch { result = .failure(error) }
                // Not cancelled: a connection that is accepted but not begun would then be let go of unfinished, which the framework does not survive.
                await service.triggerGracefulShutdown()
                try? await group.next()
                return try result.get()
            }
            // It ended before it listened, and says why.
            try await group.next()
            throw CancellationError()
        }
    }
}
