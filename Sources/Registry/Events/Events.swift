import Foundation
import SQLDatabase

/// What an event is about.
package enum EventSubject: Sendable, Hashable {
    case user(Int64)
    case project(Int64)
    case file(Int64)

    fileprivate var kind: String {
        switch self {
        case .user: "user"
        case .project: "project"
        case .file: "file"
        }
    }

    fileprivate var id: Int64 {
        switch self {
        case .user(let id), .project(let id), .file(let id): id
        }
    }
}

/// The security history: who did what, from where. Never shown to the public.
struct Events {
    let connection: any Connection

    /// - Parameter details: facts of the event; absent ones are stored as null.
    func record(_ subject: EventSubject, _ tag: String, _ details: [String: String?], source: RequestSource, now: Int64) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(details), as: UTF8.self)
        try connection.execute(
            """
            INSERT INTO events (subject_kind, subject_id, tag, details, address, user_agent, happened_at)
            VALUES (\(subject.kind), \(subject.id), \(tag), \(json), \(source.address), \(source.userAgent), \(now))
            """
        )
    }
}

extension Events {
    func count(_ subject: EventSubject, since: Int64) throws -> Int {
        try connection.execute(
            "SELECT COUNT(*) AS count FROM events WHERE subject_kind = \(subject.kind) AND subject_id = \(subject.id) AND happened_at >= \(since)"
        )[0]["count"]
    }

    /// What happened to a subject since a time, newest first.
    func list(_ subject: EventSubject, since: Int64, limit: Int, offset: Int = 0) throws -> [SecurityEvent] {
        try connection.execute(
            """
            SELECT tag, address, user_agent, happened_at FROM events
            WHERE subject_kind = \(subject.kind) AND subject_id = \(subject.id) AND happened_at >= \(since)
            ORDER BY happened_at DESC, id DESC LIMIT \(limit) OFFSET \(offset)
            """
        ).map(SecurityEvent.init)
    }
}

extension Connection {
    var events: Events { Events(connection: self) }
}
