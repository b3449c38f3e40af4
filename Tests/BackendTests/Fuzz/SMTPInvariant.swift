// What must hold for whatever a mail server says.

#if !FUZZING
import Backends
#endif

/// The first byte says how it is spoken, the second one the size of the pieces; the rest is what the server says, in several goes with a NUL between each two.
/// The same comes of it however it is cut; a password is not said before it may be; each mail gets one verdict; and what is told of it all is short and secret of
/// nothing.
@Sendable func brokenSMTP(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 2 else { return nil }
    let goes = bytes[2...].split(separator: 0, omittingEmptySubsequences: false)
    let whole = Conversation(bytes[0])
    let pieces = Conversation(bytes[0])
    let size = Int(bytes[1] % 32) + 1
    for go in goes {
        whole.hear([go])
        pieces.hear(stride(from: go.startIndex, to: go.endIndex, by: size).map { go[$0..<min($0 + size, go.endIndex)] })
    }
    whole.hangUp()
    pieces.hangUp()
    guard whole.told == pieces.told else { return "pieces of \(size) bytes are taken differently" }
    return whole.broken
}

/// What becomes of a session that sends two mails.
private final class Conversation {
    private static let login = SMTPServer.Login(user: "alice", password: "s3cret")
    private static let secrets = ["s3cret", "czNjcmV0", "AGFsaWNlAHMzY3JldA=="].map { Array($0.utf8) }

    private var session: SMTPSession
    private let hasLogin: Bool
    private let mayLogInUnencrypted: Bool
    private let needsTLS: Bool
    private var isEncrypted: Bool
    private var mails: [SMTPEnvelope]
    private var unanswered = 0
    private var isClosed = false
    private var mayStartTLS = false
    /// But for the wish to encrypt: when something follows it, it is as if it had not been.
    private(set) var told: [SMTPSession.Action] = []
    private(set) var broken: String?

    init(_ options: UInt8) {
        let encryption: SMTPServer.Encryption = [.none, .opportunistic, .required, .implicit][Int(options & 3)]
        hasLogin = options & 4 != 0
        mayLogInUnencrypted = options & 8 != 0
        needsTLS = encryption == .required
        isEncrypted = encryption == .implicit
        session = SMTPSession(
            SMTPSession.Setup(
                encryption: encryption,
                login: hasLogin ? Self.login : nil,
                mayLogInUnencrypted: mayLogInUnencrypted,
                clientName: "me.example"
            )
        )
        let recipient = options & 16 == 0 ? "bob@b.example" : "b\u{F6}b@b.example"
        mails = (0..<2).compactMap { _ in
            guard let from = try? MailAddress("a@a.example"), let to = try? MailAddress(recipient) else { return nil }
            return (try? MailMessage(from: from, to: to, subject: "S", text: ".\nT\n", id: "1@a.example", date: 0)).map { SMTPEnvelope($0) }
        }
    }

    /// One go of the server's, in pieces; what is to be done is done behind it.
    func hear(_ pieces: [ArraySlice<UInt8>]) {
        guard !isClosed else { return }
        mayStartTLS = false
        var isAsked = false
        for piece in pieces { isAsked = take(session.receive(piece)) || isAsked }
        if mayStartTLS {
            isEncrypted = true
            isAsked = take(session.startedTLS()) || isAsked
        }
        // A mail that can not be sent at all is answered at once.
        while isAsked, session.isReady {
            guard !mails.isEmpty else {
                _ = take(session.quit())
                return
            }
            unanswered += 1
            isAsked = take(session.send(mails.removeFirst()))
        }
    }

    func hangUp() {
        _ = take(session.interrupt("it hung up"))
        if !isClosed || unanswered != 0 { broken = broken ?? "\(unanswered) mails have no answer" }
    }

    /// - Returns: whether something may be asked of the session now.
    private func take(_ actions: [SMTPSession.Action]) -> Bool {
        var isAsked = false
        for action in actions {
            if isClosed { broken = "something comes after the end" }
            switch action {
            case .write(let bytes): check(bytes)
            case .startTLS: mayStartTLS = true
            case .ready:
                if needsTLS, !isEncrypted { broken = "it is ready without TLS" }
                isAsked = true
            case .accepted:
                unanswered -= 1
                isAsked = true
            case .failed(let error):
                unanswered -= 1
                isAsked = true
                check(error)
            case .close(let error):
                isClosed = true
                mayStartTLS = false
                if let error { check(error) }
            }
            if action != .startTLS { told.append(action) }
        }
        if unanswered < 0 { broken = "a mail has two answers" }
        return isAsked
    }

    private func check(_ bytes: [UInt8]) {
        guard bytes.suffix(2) == [0x0D, 0x0A] else { return broken = "a command has no end" }
        for (place, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0D {
            let isPaired = byte == 0x0A ? place > 0 && bytes[place - 1] == 0x0D : place + 1 < bytes.count && bytes[place + 1] == 0x0A
            if !isPaired { broken = "a line ends in half a line break" }
        }
        guard !isEncrypted else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        if !mayLogInUnencrypted, Self.secrets.contains(where: { text.contains(String(decoding: $0, as: UTF8.self)) }) {
            broken = "the password is said unencrypted"
        }
        if needsTLS, !["EHLO me.example\r\n", "HELO me.example\r\n", "STARTTLS\r\n"].contains(text) { broken = "\(text) is said unencrypted" }
    }

    private func check(_ error: MailError) {
        let text = "\(error)"
        if text.unicodeScalars.count > 500 { broken = "an error is long" }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { broken = "an error has controls" }
        // Without a login it is a word like any other.
        let secrets = hasLogin ? ["@", "s3cret", "czNjcmV0"] : ["@"]
        if secrets.contains(where: { text.contains($0) }) { broken = "an error tells a secret: \(text)" }
    }
}
