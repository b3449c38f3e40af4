import Glibc

/// How long a mailer waits for a server, and how much it asks of it.
public struct SMTPOptions: Sendable {
    /// For a connection, before anything is said.
    public var connectTimeout: Duration = .seconds(15)
    /// For the server's first word, encryption included. There are servers that wait on purpose, to see who is in a hurry.
    public var greetingTimeout: Duration = .seconds(60)
    /// For the answer to each command. For that to the mail itself there is only `sendTimeout`: a server may look at it closely.
    public var commandTimeout: Duration = .seconds(60)
    /// For a mail, from the call to the server's verdict: waiting for a connection included.
    public var sendTimeout: Duration = .seconds(300)
    /// How many connections there are at most; over each goes one mail at a time.
    public var connections = 2
    /// How long a connection is kept for the next mail.
    public var idleTimeout: Duration = .seconds(5)
    /// How many mails go over one connection before there is another.
    public var mailsPerConnection = 100
    /// This machine's name, as the server is told it: a domain, or an address in brackets.
    public var clientName = SMTPOptions.hostName

    public init() {}

    /// The machine's own name, if it can be one in SMTP.
    private static let hostName: String = {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
        let name = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return isName(name) ? name : "localhost"
    }()

    /// Whether it can be said in EHLO (RFC 5321 §4.1.1.1).
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "-.[]:".utf8.contains(byte)
                }
            }
    }
}
