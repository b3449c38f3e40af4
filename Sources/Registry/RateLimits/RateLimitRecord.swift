// What an answer tells of limits.

import Synchronization

/// The limits that were asked for one request, as far as whoever sent it may know (draft-ietf-httpapi-ratelimit-headers-10, index §10.2).
package final class RateLimitRecord: Sendable {
    /// Of the request that is being answered.
    @TaskLocal package static var current: RateLimitRecord?

    private struct Entry {
        let name: String
        let subject: RateLimit.Subject
        let count: Int
        let span: Int
        var remaining: Int
        var reset: Int
    }

    private let entries = Mutex<[Entry]>([])

    package init() {}

    /// What is known last of each window counts.
    func note(_ limit: RateLimit, window number: Int, remaining: Int, reset: Int) {
        let window = limit.windows[number]
        let name = limit.windows.count == 1 ? limit.name : "\(limit.name)-\(number)"
        let entry = Entry(
            name: name,
            subject: limit.subject,
            count: window.count,
            span: Int(window.span.components.seconds),
            remaining: remaining,
            reset: reset
        )
        entries.withLock { entries in
            if let place = entries.firstIndex(where: { $0.name == name }) { entries[place] = entry } else { entries.append(entry) }
        }
    }

    /// The values of `RateLimit-Policy` and `RateLimit`; `nil` where no limit was asked.
    package var headers: (policy: String, state: String)? {
        let entries = entries.withLock { $0 }
        guard !entries.isEmpty else { return nil }
        return (
            entries.map { "\"\($0.name)\";q=\($0.count);w=\($0.span);pk=:\($0.subject.rawValue):" }.joined(separator: ", "),
            entries.map { "\"\($0.name)\";r=\($0.remaining);t=\($0.reset)" }.joined(separator: ", ")
        )
    }
}
