package import Localization
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
    package var words: Message {
        switch tag {
        case "account:create": "Account created"
        case "account:login:success": "Logged in"
        case "account:login:failure": "Login that failed"
        case "account:reauthenticate:failure": "Wrong password when asked again"
        case "account:password:change": "Password changed"
        case "account:password:reset": "Password set by a link"
        case "account:password:reset:request": "Link for a new password asked for"
        case "account:password:reset:attempt": "Link for a new password asked for, and not sent"
        case "account:email:add": "Email address added"
        case "account:email:remove": "Email address removed"
        case "account:email:reverify": "Mail to verify an address sent again"
        case "account:email:verified": "Email address verified"
        case "account:email:primary:change": "Primary email address changed"
        case "account:email:sent": "Mail sent"
        case "account:two_factor:method_added": "Second factor added"
        case "account:two_factor:method_removed": "Second factor removed"
        case "account:two_factor:device_remembered": "Device remembered"
        case "account:recovery_codes:generated", "account:recovery_codes:regenerated": "Recovery codes made"
        case "account:recovery_codes:used": "Recovery code used"
        case "account:api_token:added": "API token added"
        case "account:api_token:removed": "API token removed"
        case "account:login:new_device": "Login from a new place, to be confirmed by mail"
        case "account:password:disabled": "Password withdrawn: it is on a public list"
        default: Message(verbatim: tag)
        }
    }
}
