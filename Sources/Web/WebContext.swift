// What a handler works with.

import Backends
package import Hummingbird
package import Logging
import NIOCore
package import Registry

/// The index, the site's web settings and the request's logger.
package struct WebContext: Sendable {
    package let index: PackageIndex
    package let settings: WebSettings
    package let logger: Logger
    /// Where uploads lie while they come in.
    let temporaryFiles: TemporaryFiles
    let operation: SiteOperation
    let projectList: ProjectList
    /// For answers that are kept like pages, but are none.
    let pages: PageCache
    /// The address at the other end of the socket: the client's, or the nearest proxy's.
    let peerAddress: String?
}

/// How the site meets the network.
package struct WebSettings: Sendable, Hashable {
    /// Whether uploads over plain HTTP are refused.
    package var requiresHTTPS = false
    /// Which host names the site answers by.
    package var hosts = HostRule()
    /// How many proxies stand in front and may be believed about a client's address and scheme.
    package var trustedProxies = 0
    /// The slowest upload that is waited for, in bytes a second, once ``uploadGrace`` has passed.
    package var slowestUpload = 1024
    /// How long an upload may take before its speed counts, and how long it may say nothing.
    package var uploadGrace: Duration = .seconds(30)
    /// How long the head of a request may take to arrive.
    package var headTimeout: Duration = .seconds(30)
    /// How long a client may read nothing of what waits for it.
    package var sendTimeout: Duration = .seconds(120)
    /// After how many requests a connection ends, so that load spreads anew.
    package var requestsPerConnection = 100_000
    /// How long an idle connection is kept.
    package var idleTimeout: Duration = .seconds(75)
    /// How long everything is still answered after the word to stop, so that proxies can turn to others first.
    package var departure: Duration = .zero
    /// How many connections are served at once.
    package var connections = 10_000
    /// How much may be kept ready to be sent, in bytes.
    package var pageCacheSize = 256 << 20
    /// Who may read `/metrics`.
    package var metricsAccess = MetricsAccess.loopback
    /// Whether large files go through the index, or clients are sent to the storage where it can be reached.
    package var redirectsDownloads = false
    /// Where style sheet and script are read from on each request, by whoever works on them; `nil`: those of the program.
    package var assetsFolder: String?

    package init() {}
}

/// Hummingbird's context: it brings the connection, the client's address and a logger.
package struct ConnectionContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let peerAddress: String?
    /// The connection, to send files on.
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        peerAddress = source.channel.remoteAddress?.ipAddress
    }
}
