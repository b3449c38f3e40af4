import SQLDatabase

/// A login that waits for its user to answer a mail.
struct PendingPlace: Sendable, Hashable {
    let id: String
    let userID: Int64
    let address: String
    let userAgent: String?
    let factor: SecondFactor
    /// The recovery code that it was asked with, as it is kept; it is used up when the mail is answered.
    let recoveryCode: String?
    let next: String?
    /// The user's when the login began: a password that was set since ends it.
    let passwordSetAt: Int64
    /// Microseconds since 1970.
    let createdAt: Int64
    let expiresAt: Int64

    init(
        id: String,
        userID: Int64,
        address: String,
        userAgent: String?,
        factor: SecondFactor,
        recoveryCode: String?,
        next: String?,
        passwordSetAt: Int64,
        createdAt: Int64
    ) {
        self.id = id
        self.userID = userID
        self.address = address
        self.userAgent = userAgent
        self.factor = factor
        self.recoveryCode = recoveryCode
        self.next = next
        self.passwordSetAt = passwordSetAt
        self.createdAt = createdAt
        expiresAt = createdAt + Self.patience
    }

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        address = try row["address"]
        userAgent = try row["user_agent"]
        factor = SecondFactor(rawValue: try row["factor"]) ?? .totp
        recoveryCode = try row["recovery_code"]
        next = try row["next"]
        passwordSetAt = try row["password_set_at"]
        createdAt = try row["created_at"]
        expiresAt = try row["expires_at"]
    }

    /// How long the mail can be answered: 6 hours, in microseconds.
    private static let patience: Int64 = 6 * 3600 * 1_000_000
}

/// Queries on logins from places that their users have not come from before (platform §1.9).
struct PendingLogins {
    let connection: any Connection

    /// In the place of one for the same user at the same address.
    func replace(_ login: PendingPlace) throws {
        try connection.execute("DELETE FROM pending_logins WHERE user_id = \(login.userID) AND address = \(login.address)")
        try connection.execute(
            """
            INSERT INTO pending_logins (id, user_id, address, user_agent, factor, recovery_code, next, password_set_at, created_at, expires_at)
            VALUES (\(login.id), \(login.userID), \(login.address), \(login.userAgent), \(login.factor.rawValue), \(login.recoveryCode),
                \(login.next), \(login.passwordSetAt), \(login.createdAt), \(login.expiresAt))
            """
        )
    }

    func find(userID: Int64, address: String, now: Int64) throws -> PendingPlace? {
        try connection.execute("SELECT * FROM pending_logins WHERE user_id = \(userID) AND address = \(address) AND expires_at > \(now)").first
            .map(PendingPlace.init)
    }

    func find(_ id: String) throws -> PendingPlace? {
        try connection.execute("SELECT * FROM pending_logins WHERE id = \(id)").first.map(PendingPlace.init)
    }

    /// - Returns: whether it waited.
    func delete(_ id: String) throws -> Bool {
        try !connection.execute("DELETE FROM pending_logins WHERE id = \(id) RETURNING id").isEmpty
    }

    func deleteExpired(now: Int64) throws { try connection.execute("DELETE FROM pending_logins WHERE expires_at <= \(now)") }
}

extension Connection {
    var pendingLogins: PendingLogins { PendingLogins(connection: self) }
}
