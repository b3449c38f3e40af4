// What is said between a session and a server that follows a script.

import Backends

/// A conversation: each thing that the session writes is answered with the next piece of the script. `nil` in it is the end of the connection.
struct SMTPTranscript {
    var setup = SMTPSession.Setup(encryption: .none, clientName: "me.example")
    /// Sent one after the other when the session is ready; then it takes leave.
    var mails: [SMTPEnvelope] = []
    var script: [String?]

    /// - Parameter cut: makes pieces of what the server says at once.
    /// - Returns: a line for each thing that happened; `>` is what the session writes.
    func lines(cut: ([UInt8]) -> [ArraySlice<UInt8>] = { [$0[...]] }) -> [String] {
        var session = SMTPSession(setup)
        var (lines, script, mails): ([String], ArraySlice<String?>, ArraySlice<SMTPEnvelope>) = ([], script[...], mails[...])
        var isClosed = false
        func perform(_ actions: [SMTPSession.Action]) -> Int {
            var due = 0
            for action in actions {
                if isClosed { lines.append("something after the end: \(action)") }
                switch action {
                case .write(let bytes):
                    lines += String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map { "> \($0)" }
                    due += 1
                case .startTLS:
                    lines.append("TLS")
                    due += perform(session.startedTLS())
                case .ready, .accepted, .failed:
                    if case .failed(let error) = action { lines.append("failed: \(error)") } else { lines.append("\(action)") }
                    guard session.isReady else { break }
                    due += perform(mails.popFirst().map { session.send($0) } ?? session.quit())
                case .close(let error):
                    isClosed = true
                    lines.append("closed" + (error.map { ": \($0)" } ?? ""))
                }
            }
            return due
        }
        var due = 1
        while due > 0, let answer = script.popFirst() {
            due -= 1
            guard let answer else {
                due += perform(session.interrupt("the server closed the connection"))
                continue
            }
            for piece in cut(Array(answer.utf8)) { due += perform(session.receive(piece)) }
        }
        return lines
    }
}

extension SMTPEnvelope {
    static func mail(_ text: String = "Hi", to recipient: String = "bob@b.example") throws -> SMTPEnvelope {
        SMTPEnvelope(
            try MailMessage(
                from: MailAddress("noreply@index.example"),
                to: MailAddress(recipient),
                subject: "S",
                text: text,
                id: "1@index.example",
                date: 0
            )
        )
    }
}
