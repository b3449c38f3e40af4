// The web application on a socket.

package import Hummingbird
package import Logging
import HummingbirdCore
import NIOCore

/// Makes the server of a web application.
package enum HTTPServer {
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - onRunning: called with the port once connections are accepted.
    package static func application(
        _ app: WebApp, host: String, port: Int, settings: WebSettings, logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void
    ) -> Application<WebApp> {
        let idleTimeout = TimeAmount.nanoseconds(Int64(settings.idleTimeout.components.seconds) * 1_000_000_000)
        return Application(
            responder: app,
            server: .http1(configuration: .init(additionalChannelHandlers: [ReasonPhraseInstaller()], idleTimeout: idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.connections)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
    }
}
