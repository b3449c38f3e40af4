/// A mail server that takes mails for others (RFC 6409), and how it is spoken to.
public struct SMTPServer: Sendable, Hashable {
    /// What keeps strangers from listening.
    public enum Encryption: Sendable, Hashable {
        /// From the first byte on (RFC 8314).
        case implicit
        /// By STARTTLS (RFC 3207); without it nothing is sent.
        case required
        /// By STARTTLS where the server has it. Whoever sits between the two can take it away.
        case opportunistic
        case none
    }

    /// Who is sending. Its description has no password.
    public struct Login: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
        public var user: String
        public var password: String

        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }

        public var description: String { user }
        public var debugDescription: String { user }
        public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
    }

    public var host: String
    public var port: Int
    public var login: Login?
    public var encryption: Encryption
    /// A file in PEM with certificates that are believed beside the system's.
    public var authority: String?

    public init(host: String, port: Int, login: Login? = nil, encryption: Encryption, authority: String? = nil) {
        self.host = host
        self.port = port
        self.login = login
        self.encryption = encryption
        self.authority = authority
    }

    /// Whether it is on this machine, where nobody listens in between.
    public var isLoopback: Bool { host == "localhost" || host == "::1" || Self.isLoopbackIPv4(host) }

    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil } && numbers[0] == "127"
    }
}

extension SMTPServer: CustomStringConvertible {
    public var description: String {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let encryption =
            switch encryption {
            case .implicit: "with TLS"
            case .required: "with STARTTLS"
            case .opportunistic: "with STARTTLS if there is one"
            case .none: "not encrypted"
            }
        return "SMTP server \(place), \(encryption)" + (login.map { ", as \($0.user)" } ?? "")
    }
}
