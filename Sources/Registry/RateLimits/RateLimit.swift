// Every limit on how often something may be tried.

/// How often something may happen (platform §1.5). All windows count at once: what one of them forbids is forbidden.
package struct RateLimit: Sendable, Hashable {
    /// So many in so much time, wherever it begins.
    package struct Window: Sendable, Hashable {
        package let count: Int
        package let span: Duration

        init(_ count: Int, per span: Duration) {
            self.count = count
            self.span = span
        }
    }

    /// As answers and settings call it.
    package let name: String
    package let windows: [Window]

    private init(_ name: String, _ windows: Window...) {
        self.name = name
        self.windows = windows
    }

    /// Wrong passwords from an address.
    package static let loginByAddress = RateLimit("ip.login", .init(10, per: .minutes(5)))
    /// Wrong passwords for a user.
    package static let loginByUser = RateLimit("user.login", .init(10, per: .minutes(5)))
    /// Wrong passwords of everybody.
    package static let loginByAnyone = RateLimit("global.login", .init(1000, per: .minutes(5)))

    package static let all = [loginByAddress, loginByUser, loginByAnyone]
}

extension Duration {
    static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
}
