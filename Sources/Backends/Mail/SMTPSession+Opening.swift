// Until mails may be sent.

extension SMTPSession {
    mutating func opening(_ reply: SMTPReply) throws(SMTPFault) -> [Action] {
        switch (state, reply.kind) {
        case (.greeting, .accepted):
            guard reply.code == 220 else { throw .wrongCode(reply.code) }
            return hello(isExtended: true)
        case (.hello(let isExtended), .accepted):
            capabilities = isExtended ? SMTPCapabilities(reply) : SMTPCapabilities()
            return encrypt()
        case (.hello(isExtended: true), .permanentFailure): return hello(isExtended: false)
        case (.startTLS, .accepted):
            guard reply.code == 220 else { throw .wrongCode(reply.code) }
            state = .handshake
            return [.startTLS]
        case (.startTLS, .temporaryFailure) where setup.encryption == .opportunistic,
            (.startTLS, .permanentFailure) where setup.encryption == .opportunistic:
            return logIn()
        case (.login, .accepted):
            guard reply.code == 235 else { throw .wrongCode(reply.code) }
            return becomeReady()
        case (.login(let words), .goOn):
            guard reply.code == 334, let word = words.first else { throw .wrongCode(reply.code) }
            state = .login(Array(words.dropFirst()))
            return [.command(word)]
        case (_, .temporaryFailure): return end(.deferred(refusal(reply)))
        // It is not about any mail.
        case (_, .permanentFailure): return end(.misconfigured("\(refusal(reply))"))
        case (_, .accepted), (_, .goOn): throw .wrongCode(reply.code)
        }
    }

    mutating func hello(isExtended: Bool) -> [Action] {
        state = .hello(isExtended: isExtended)
        return [.command((isExtended ? "EHLO " : "HELO ") + setup.clientName)]
    }

    private mutating func encrypt() -> [Action] {
        guard !isEncrypted, setup.encryption != .none else { return logIn() }
        guard capabilities.hasSTARTTLS else {
            guard setup.encryption == .opportunistic else { return end(.misconfigured("the server has no STARTTLS, and without it nothing is sent")) }
            return logIn()
        }
        state = .startTLS
        return [.command("STARTTLS")]
    }

    private mutating func logIn() -> [Action] {
        guard let login = setup.login else { return becomeReady() }
        guard isEncrypted || setup.mayLogInUnencrypted else {
            return end(.misconfigured("the server does not encrypt, and the password is not sent without that"))
        }
        if capabilities.mechanisms.contains("PLAIN") {
            let response = Base64.encode([0] + Array(login.user.utf8) + [0] + Array(login.password.utf8))
            // RFC 4954 §4: what makes the line longer than 512 bytes waits until it is asked for.
            let isShort = response.utf8.count <= 490
            state = .login(isShort ? [] : [response])
            return [.command(isShort ? "AUTH PLAIN \(response)" : "AUTH PLAIN")]
        }
        guard capabilities.mechanisms.contains("LOGIN") else {
            return end(.misconfigured("the server has no login by PLAIN or LOGIN" + (isEncrypted ? "" : " without encryption")))
        }
        state = .login([Base64.encode(Array(login.user.utf8)), Base64.encode(Array(login.password.utf8))])
        return [.command("AUTH LOGIN")]
    }

    private mutating func becomeReady() -> [Action] {
        state = .ready
        return [.ready]
    }
}
