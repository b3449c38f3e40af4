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

    /// Whom one count is for.
    package enum Subject: String, Sendable { case ip, user, global }

    /// As answers and settings call it.
    package let name: String
    package let windows: [Window]
    package let subject: Subject
    /// Whether whoever is limited is told how far they are. Of logins nobody is: it would say which users there are.
    package let isTold: Bool

    private init(_ name: String, by subject: Subject, isTold: Bool = false, _ windows: Window...) {
        self.init(name, windows, subject, isTold)
    }

    private init(_ name: String, _ windows: [Window], _ subject: Subject, _ isTold: Bool) {
        self.name = name
        self.windows = windows
        self.subject = subject
        self.isTold = isTold
    }

    /// The same limit with other windows.
    func with(_ windows: [Window]) -> RateLimit { RateLimit(name, windows, subject, isTold) }

    /// Wrong passwords from an address.
    package static let loginByAddress = RateLimit("ip.login", by: .ip, .init(10, per: .minutes(5)))
    /// Wrong passwords for a user.
    package static let loginByUser = RateLimit("user.login", by: .user, .init(10, per: .minutes(5)))
    /// Wrong passwords of everybody.
    package static let loginByAnyone = RateLimit("global.login", by: .global, .init(1000, per: .minutes(5)))

    /// Wrong codes and keys for a user.
    package static let factorByUser = RateLimit(
        "2fa.user",
        by: .user,
        .init(5, per: .minutes(5)),
        .init(20, per: .hours(1)),
        .init(50, per: .hours(24))
    )
    /// Wrong codes and keys from an address.
    package static let factorByAddress = RateLimit("2fa.ip", by: .ip, .init(10, per: .minutes(5)), .init(50, per: .hours(1)))

    /// Attempts to register from an address, whatever comes of them.
    package static let registrationsByAddress = RateLimit("registration", by: .ip, .init(20, per: .hours(1)))
    /// Mail addresses that are added from an address, those of new accounts included.
    package static let addressesByPlace = RateLimit("email.add", by: .ip, .init(2, per: .hours(24)))
    /// Mails to verify an address.
    package static let verificationsByUser = RateLimit("email.verify", by: .user, .init(3, per: .hours(6)))
    /// Mails to set a new password.
    package static let resetsByUser = RateLimit("password.reset", by: .user, .init(5, per: .hours(24)))

    /// Attempts to replace a primary address that is not verified.
    package static let addressChangesByUser = RateLimit("email.change", by: .user, .init(5, per: .minutes(5)), .init(20, per: .hours(1)))
    /// Projects that a user makes.
    package static let projectsByUser = RateLimit("project.create.user", by: .user, isTold: true, .init(20, per: .hours(1)))
    /// Projects that are made from an address.
    package static let projectsByAddress = RateLimit("project.create.ip", by: .ip, isTold: true, .init(40, per: .hours(1)))

    /// Searches from an address.
    package static let searchesByAddress = RateLimit("search", by: .ip, .init(5, per: .seconds(1)))
    /// Names that are completed while somebody types.
    package static let completionsByAddress = RateLimit("search.complete", by: .ip, .init(20, per: .seconds(1)))

    /// Calls of the XML-RPC interface from an address.
    package static let callsByAddress = RateLimit("xmlrpc.client", by: .ip, isTold: true, .init(3600, per: .hours(1)))

    package static let all = [
        loginByAddress, loginByUser, loginByAnyone, factorByUser, factorByAddress, registrationsByAddress, addressesByPlace, verificationsByUser,
        addressChangesByUser,
        resetsByUser, projectsByUser, projectsByAddress, searchesByAddress, completionsByAddress, callsByAddress,
    ]

    /// How long somebody has to wait, in words.
    static func words(_ seconds: Int) -> Message {
        switch seconds {
        case ..<60: "\(seconds) seconds"
        case ..<120: "a minute"
        case ..<7200: "\((seconds + 59) / 60) minutes"
        default: "\((seconds + 3599) / 3600) hours"
        }
    }
}

extension Duration {
    static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}
