import SQLDatabase

/// Something that happened to an account, as its user sees it.
package struct SecurityEvent: Sendable, Hashable {
    /// `account:login:success` and the like (platform §1.17).
    package let tag: String
    package let address: String?
    package let userAgent: String?
    /// Microseconds since 1970.
    package let happenedAt: Int64

    init(row: Row) throws {
        tag = try row["tag"]
        address = try row["address"]
        userAgent = try row["user_agent"]
        happenedAt = try row["happened_at"]
    }

    /// The tag in words.
    package var words: String {
        switch tag {
        case "account:create": "Account created"
        case "account:login:success": "Logged in"
        case "account:login:failure": "Login that failed"
        case "account:reauthenticate:failure": "Wrong password when asked again"
        case "account:password:change": "Password changed"
        case "account:two_factor:method_added": "Second factor added"
        case "account:two_factor:method_removed": "Second factor removed"
        case "account:two_factor:device_remembered": "Device remembered"
        case "account:recovery_codes:generated", "account:recovery_codes:regenerated": "Recovery codes made"
        case "account:recovery_codes:used": "Recovery code used"
        case "account:api_token:added": "API token added"
        case "account:api_token:removed": "API token removed"
        default: tag
        }
    }
}
