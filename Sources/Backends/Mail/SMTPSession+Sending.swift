// One mail after the other.

extension SMTPSession {
    /// Sends a mail; only when it is ready for one.
    public mutating func send(_ envelope: SMTPEnvelope) -> [Action] {
        guard state == .ready else { return [.failed(.unavailable("the connection is not ready for a mail"))] }
        guard !envelope.needsSMTPUTF8 || capabilities.hasSMTPUTF8 else {
            return [.failed(.unsendable("the server takes no internationalized addresses (SMTPUTF8)"))]
        }
        guard !envelope.isEightBit || capabilities.has8BitMIME else {
            return [.failed(.unsendable("the server takes ASCII only (8BITMIME)"))]
        }
        if let limit = capabilities.size, limit > 0, envelope.content.count > limit {
            return [.failed(.unsendable("it has \(envelope.content.count) bytes, and the server takes \(limit)"))]
        }
        var sender = "MAIL FROM:<\(envelope.sender)>"
        if capabilities.size != nil { sender += " SIZE=\(envelope.content.count)" }
        if envelope.isEightBit { sender += " BODY=8BITMIME" }
        if envelope.needsSMTPUTF8 { sender += " SMTPUTF8" }
        transaction = Transaction(envelope: envelope)
        state = .sender
        return capabilities.hasPipelining ? [.command(sender, recipientCommand, "DATA")] : [.command(sender)]
    }

    private var recipientCommand: String { "RCPT TO:<\(transaction?.envelope.recipient ?? "")>" }

    mutating func sending(_ reply: SMTPReply) throws(SMTPFault) -> [Action] {
        switch state {
        case .sender:
            try note(reply)
            guard !capabilities.hasPipelining else { return proceed(to: .recipient) }
            return transaction?.failure == nil ? proceed(to: .recipient, saying: recipientCommand) : reset()
        case .recipient:
            try note(reply)
            guard !capabilities.hasPipelining else { return proceed(to: .data) }
            return transaction?.failure == nil ? proceed(to: .data, saying: "DATA") : reset()
        case .data:
            guard reply.code == 354 else {
                guard reply.kind != .accepted, reply.kind != .goOn else { throw .wrongCode(reply.code) }
                try note(reply)
                return reset()
            }
            state = .content
            // Asked for all at once, a server may want the mail that nobody is to get: nothing follows then (RFC 2920 §3.1).
            guard let transaction, transaction.failure == nil else { return [.command(".")] }
            return [.write(SMTPEnvelope.data(transaction.envelope.content))]
        case .content:
            if transaction?.failure == nil { try note(reply) }
            return finish()
        case .reset:
            guard reply.kind == .accepted else { throw .wrongCode(reply.code) }
            return finish()
        case .greeting, .hello, .startTLS, .handshake, .login, .ready, .quitting, .ended: throw .unasked
        }
    }

    private mutating func proceed(to next: State, saying command: String? = nil) -> [Action] {
        state = next
        return command.map { [.command($0)] } ?? []
    }

    /// Keeps the first thing that is wrong.
    private mutating func note(_ reply: SMTPReply) throws(SMTPFault) {
        let failure: MailError
        switch reply.kind {
        case .accepted: return
        case .goOn: throw .wrongCode(reply.code)
        case .temporaryFailure: failure = .deferred(refusal(reply))
        // RFC 4954 §6: it is not about the mail, but about who sends it.
        case .permanentFailure where [530, 534, 535, 538].contains(reply.code): failure = .misconfigured("\(refusal(reply))")
        case .permanentFailure: failure = .refused(refusal(reply))
        }
        if transaction?.failure == nil { transaction?.failure = failure }
    }

    private mutating func reset() -> [Action] {
        state = .reset
        return [.command("RSET")]
    }

    private mutating func finish() -> [Action] {
        let failure = transaction?.failure
        transaction = nil
        state = .ready
        return [failure.map { .failed($0) } ?? .accepted]
    }
}
