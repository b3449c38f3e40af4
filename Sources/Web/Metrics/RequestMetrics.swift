// How many requests there were, and how long they took.

package import HTTPTypes

/// Counts requests by route, method and status, and their time by route.
///
/// Counting is three additions into memory that was there before: it stands on the path of every request, also of those that are answered from memory.
package final class RequestMetrics: Sendable {
    /// A request's method, as it is counted: whoever makes up methods must not make up counters.
    package enum Method: Int, CaseIterable, Sendable {
        case get, head, post, put, patch, delete, options, other

        package init(_ method: HTTPRequest.Method) {
            self =
                switch method {
                case .get: .get
                case .head: .head
                case .post: .post
                case .put: .put
                case .patch: .patch
                case .delete: .delete
                case .options: .options
                default: .other
                }
        }

        var label: String { self == .other ? "other" : String(describing: self).uppercased() }
    }

    /// The upper ends of the buckets in nanoseconds, from a page that lies in memory to an upload over a slow line.
    static let bounds: [Int64] = [
        10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000,
        30_000_000_000,
    ]

    /// The statuses that are told apart; any other is `other`.
    private static let statuses = [
        200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422,
        425,
        426, 428, 429, 431, 500, 501, 502, 503, 504, 507,
    ]

    private let patterns: [String]
    /// Where the counter of a status is, by status.
    private let slots: [UInt8]
    private let requests: AtomicCounters
    /// For each route the buckets, the one without end, and the sum in nanoseconds.
    private let times: AtomicCounters

    private static let methodCount = Method.allCases.count
    private static let statusCount = statuses.count + 1
    private static let timeCount = bounds.count + 2

    /// - Parameter patterns: the routes' patterns, in the order of their numbers. Requests that no route took have the number behind the last.
    package init(patterns: [String] = Routes.all.map(\.pattern)) {
        self.patterns = patterns + ["none"]
        var slots = [UInt8](repeating: UInt8(Self.statuses.count), count: 600)
        for (slot, status) in Self.statuses.enumerated() { slots[status] = UInt8(slot) }
        self.slots = slots
        requests = AtomicCounters(count: self.patterns.count * Self.methodCount * Self.statusCount)
        times = AtomicCounters(count: self.patterns.count * Self.timeCount)
    }

    /// The number of requests that no route took.
    package var unmatched: Int { patterns.count - 1 }

    /// Counts an answered request.
    ///
    /// - Parameters:
    ///   - route: its row in ``Routes/all``, or ``unmatched``.
    ///   - nanoseconds: from its arrival until its response was ready to be sent.
    package func record(route: Int, method: Method = .get, status: Int, nanoseconds: Int64) {
        let slot = slots.indices.contains(status) ? Int(slots[status]) : Self.statuses.count
        requests.add(1, at: (route * Self.methodCount + method.rawValue) * Self.statusCount + slot)
        var bucket = 0
        while bucket < Self.bounds.count, nanoseconds > Self.bounds[bucket] { bucket += 1 }
        times.add(1, at: route * Self.timeCount + bucket)
        times.add(Int(nanoseconds), at: route * Self.timeCount + Self.bounds.count + 1)
    }

    func write(to text: inout MetricsText) {
        text.family("emporium_http_requests_total", .counter, "Requests that were answered, by the route's pattern, method and status.")
        for (route, pattern) in patterns.enumerated() {
            for method in Method.allCases {
                for slot in 0..<Self.statusCount {
                    let count = requests.value(at: (route * Self.methodCount + method.rawValue) * Self.statusCount + slot)
                    guard count > 0 else { continue }
                    let status = slot < Self.statuses.count ? String(Self.statuses[slot]) : "other"
                    text.sample("emporium_http_requests_total", [("route", pattern), ("method", method.label), ("status", status)], count)
                }
            }
        }
        text.family("emporium_http_request_duration_seconds", .histogram, "Time until a response was ready to be sent, by the route's pattern.")
        for (route, pattern) in patterns.enumerated() {
            let counts = (0...Self.bounds.count).map { times.value(at: route * Self.timeCount + $0) }
            guard counts.contains(where: { $0 > 0 }) else { continue }
            text.histogram(
                "emporium_http_request_duration_seconds",
                [("route", pattern)],
                bounds: Self.bounds.map { Double($0) / 1e9 },
                counts: counts,
                sum: Double(times.value(at: route * Self.timeCount + Self.bounds.count + 1)) / 1e9
            )
        }
    }
}
