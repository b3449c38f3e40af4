// Where log lines and counters go: decided once, before the first of them.

import CoreMetrics
import Logging
import Synchronization
import Web

/// How log lines look.
enum LogFormat: String, Sendable {
    /// For people.
    case text
    /// For machines: ``JSONLogHandler``.
    case json
}

enum Telemetry {
    /// The program's own counters.
    static let counters = MetricsRegistry()

    private static let isStarted = Mutex(false)

    /// Says that lines which are logged for a request name it, also where the code that logs knows nothing of requests.
    private static let requestMetadata = Logger.MetadataProvider {
        RequestID.current.map { ["request.id": .stringConvertible($0)] } ?? [:]
    }

    /// Both systems can be set up once in a process only; later calls change nothing.
    static func start(_ format: LogFormat) {
        let isFirst = isStarted.withLock { isStarted in
            defer { isStarted = true }
            return !isStarted
        }
        guard isFirst else { return }
        LoggingSystem.bootstrap(
            { label, provider in
                switch format {
                case .text: StreamLogHandler.standardError(label: label, metadataProvider: provider)
                case .json: JSONLogHandler(provider)
                }
            },
            metadataProvider: requestMetadata
        )
        MetricsSystem.bootstrap(counters)
    }
}
