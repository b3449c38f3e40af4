// Signed statements of limited life, for links in mails and between the steps of a login.

/// What a timed token says once its signature and its age have been checked (platform §0.5).
public struct TimedToken: Sendable, Hashable {
    /// When it was signed, in microseconds since 1970. Whoever takes it compares this with what has changed since, such as the user's last login.
    public let issuedAt: Int64
    /// Names and values, as they were signed.
    public let values: [String: String]

    /// What a token is for. A token of one purpose is never taken for one of another: each has a key of its own.
    public struct Purpose: Sendable, Hashable {
        /// Names the key. Never change it: tokens under way would become invalid.
        public let name: String
        /// The greatest age in seconds at which it is still taken.
        public let lifetimeSeconds: Int64

        /// A purpose of the caller's own.
        public init(name: String, lifetimeSeconds: Int64) {
            self.name = name
            self.lifetimeSeconds = lifetimeSeconds
        }

        /// The life of purposes that need none of their own: 6 hours.
        public static let standardLifetimeSeconds: Int64 = 21_600

        /// The link of a password reset mail.
        public static let passwordReset = Purpose(name: "password", lifetimeSeconds: standardLifetimeSeconds)
        /// The link that proves an e-mail address, or accepts an invitation.
        public static let email = Purpose(name: "email", lifetimeSeconds: standardLifetimeSeconds)
        /// Between the password and the second factor of a login: 5 minutes.
        public static let twoFactor = Purpose(name: "two_factor", lifetimeSeconds: 300)
        /// The link that confirms a login from an unknown device.
        public static let confirmLogin = Purpose(name: "confirm_login", lifetimeSeconds: standardLifetimeSeconds)
        /// The cookie that spares a known device the second factor: 30 days.
        public static let rememberDevice = Purpose(name: "remember_device", lifetimeSeconds: 30 * 86_400)
    }
}

/// Why a timed token was not taken. Carries nothing of the token.
public enum TimedTokenRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is none, or an empty one.
    case missing
    /// It is genuine, but older than its purpose allows.
    case expired
    /// It was not signed for this purpose by any of our keys, or has been changed.
    case invalid

    public var description: String {
        switch self {
        case .missing: "the token is missing"
        case .expired: "the token is expired"
        case .invalid: "the token is invalid"
        }
    }
}
