import Backends
import Foundation
package import JobQueue
import Logging
import Markup
import SQLDatabase

/// Sends a mail. What is refused for now is tried again; what is refused for good is noted, and given up.
package struct SendMail: Job {
    package static let kind = "send-mail"

    let mail: Mail

    package init(_ mail: Mail) { self.mail = mail }

    package func run(in index: PackageIndex) async throws {
        let found = try await index.database.read { tx in
            try tx.recipient(of: mail).map { ($0, try MailFacts(of: mail, to: $0, tx)) }
        }
        guard let (recipient, facts) = found else { return }
        let words = index.words(of: mail, to: recipient, facts)
        let name = recipient.displayName
        do {
            let message = try MailMessage(
                from: try MailAddress(index.settings.mailSender, name: "Emporium"),
                to: (try? MailAddress(recipient.address, name: name)) ?? MailAddress(recipient.address),
                subject: "[\(index.links.host)] \(words.subject)",
                text: MailLayout.text(words, from: index.links.base),
                html: MailLayout.html(words, from: index.links.base).description,
                id: "\(UUID().uuidString.lowercased())@\(index.settings.mailSender.split(separator: "@").last ?? "localhost")",
                date: index.clock.now(),
                headers: [MailHeader("Auto-Submitted", "auto-generated")]
            )
            try await index.mailer.send(message)
        } catch let error as MailError where error.isWorthRetrying {
            throw error
        } catch {
            index.logger.error("A mail could not be sent.", metadata: ["mail.kind": "\(mail.kind)", "error": "\(error)"])
            return
        }
        let now = index.clock.now()
        try await index.database.write { tx in
            let userID = try recipient.user.flatMap { try tx.users.find(id: $0.id)?.id }
            try tx.execute(
                "INSERT INTO sent_mails (kind, user_id, recipient, sent_at) VALUES (\(mail.kind), \(userID), \(recipient.address), \(now))"
            )
            guard let userID else { return }
            try tx.events.record(
                .user(userID),
                "account:email:sent",
                ["to": recipient.address, "subject": words.subject],
                source: RequestSource(),
                now: now
            )
        }
    }
}

extension Connection {
    /// A mail goes out when this transaction has committed.
    func send(_ mail: Mail, now: Int64) throws { try jobs.enqueue(SendMail(mail), now: now) }

    /// The same, unless one of its kind went to the same address within a time.
    func send(_ mail: Mail, unlessWithin span: Duration, now: Int64) throws {
        guard let recipient = try recipient(of: mail) else { return }
        let recent = try execute(
            """
            SELECT 1 AS found FROM sent_mails
            WHERE recipient = \(recipient.address) AND kind = \(mail.kind) AND sent_at > \(now - span.microseconds) LIMIT 1
            """
        )
        if recent.isEmpty { try send(mail, now: now) }
    }
}
