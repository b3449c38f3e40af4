package import JobQueue
import SQLDatabase

/// What a user has done about the terms of service (platform §1.16).
enum TermsEngagement: String, Sendable {
    /// They were told on a page.
    case flashed
    /// They were told by mail.
    case notified
    case viewed
    case agreed
}

/// Queries on who knows which terms of service.
struct TermsEngagements {
    let connection: any Connection

    func note(_ engagement: TermsEngagement, revision: String, userID: Int64, now: Int64) throws {
        try connection.execute(
            """
            INSERT INTO terms_engagements (user_id, revision, kind, happened_at) VALUES (\(userID), \(revision), \(engagement.rawValue), \(now))
            ON CONFLICT (user_id, revision, kind) DO NOTHING
            """
        )
    }

    func has(_ engagements: Set<TermsEngagement>, revision: String, userID: Int64) throws -> Bool {
        try connection.execute("SELECT kind FROM terms_engagements WHERE user_id = \(userID) AND revision = \(revision)").contains { row in
            TermsEngagement(rawValue: try row["kind"]).map(engagements.contains) ?? false
        }
    }

    /// Users with a verified address whom no mail has told, and who have not agreed.
    func uninformed(of revision: String, limit: Int) throws -> [Int64] {
        try connection.execute(
            """
            SELECT u.id FROM users u JOIN emails e ON e.user_id = u.id AND e.is_primary AND e.is_verified
            WHERE u.is_active AND NOT EXISTS (
                SELECT 1 FROM terms_engagements t WHERE t.user_id = u.id AND t.revision = \(revision) AND t.kind IN (\(TermsEngagement.notified.rawValue), \(TermsEngagement.agreed.rawValue))
            ) ORDER BY u.id LIMIT \(limit)
            """
        ).map { try $0["id"] }
    }
}

extension Connection {
    var terms: TermsEngagements { TermsEngagements(connection: self) }
}

extension PackageIndex {
    /// Whether somebody who has just logged in is to be told that there are other terms of service; it is noted that they were.
    package func tellsOfTerms(_ user: User) async throws -> Bool {
        guard let revision = settings.terms?.revision else { return false }
        let now = clock.now()
        return try await database.write { tx in
            guard try !tx.terms.has([.flashed, .viewed, .agreed], revision: revision, userID: user.id) else { return false }
            try tx.terms.note(.flashed, revision: revision, userID: user.id, now: now)
            return true
        }
    }

    /// Notes that somebody has opened the terms of service.
    package func noteTermsViewed(by user: User) async throws {
        guard let revision = settings.terms?.revision else { return }
        let now = clock.now()
        try await database.write { try $0.terms.note(.viewed, revision: revision, userID: user.id, now: now) }
    }
}

/// Mails everybody that there are other terms of service, some at a time.
package struct AnnounceTerms: Job {
    package static let kind = "announce-terms"
    package static let priority = JobPriority.low
    private static let batch = 1000

    package init() {}

    package func run(in index: PackageIndex) async throws {
        guard let revision = index.settings.terms?.revision else { return }
        let now = index.clock.now()
        try await index.database.write { tx in
            for userID in try tx.terms.uninformed(of: revision, limit: Self.batch) {
                try tx.terms.note(.notified, revision: revision, userID: userID, now: now)
                try tx.send(.termsUpdated(userID: userID, revision: revision), now: now)
            }
        }
    }
}
