import HTTPTypes
import Logging

/// One line a request: changes and failures at `info`, reading at `debug`. The query is left out: it may hold what is private.
enum RequestLog {
    static func write(_ request: HTTPRequest, _ status: Int, _ time: Duration, _ logger: Logger) {
        let isReading = request.method == .get || request.method == .head
        let level: Logger.Level = status >= 500 || !isReading ? .info : .debug
        guard logger.logLevel <= level else { return }
        let path = request.path?.prefix { $0 != "?" } ?? "/"
        logger.log(
            level: level,
            "\(request.method.rawValue) \(path) \(status)",
            metadata: ["http.milliseconds": "\(Int64(time / .milliseconds(1)))"]
        )
    }
}
