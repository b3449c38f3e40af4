import Credentials
import SQLDatabase

/// An API token's row: what the site keeps of a macaroon it gave out.
package struct APIToken: Sendable, Hashable {
    /// Who answers for a token.
    package enum Origin: String, Sendable, SQLConvertible {
        /// Made on the web page by its user.
        case account
        /// Made on the server by `emporium token create`: the operator's word stands in for a second factor.
        case operator_ = "operator"
    }

    /// The macaroon's identifier: a UUID.
    package let id: String
    package let userID: Int64
    package let description: String
    /// The JSON of each caveat, as issued or added since.
    package let caveats: [String]
    /// The root key, sealed with the site's secret.
    let sealedKey: [UInt8]
    package let origin: Origin
    /// Microseconds since 1970.
    package let lastUsedAt: Int64?

    /// Whether the site gave it out for an action by name.
    func maySay(_ action: TokenAction) -> Bool {
        caveats.contains { text in
            guard case .actions(let actions) = try? Caveat(json: Array(text.utf8), currentUserID: nil) else { return false }
            return actions.contains(action)
        }
    }

    /// Whether its use was not noted for a minute.
    func isDueForNote(now: Int64) -> Bool { lastUsedAt.map { now - $0 >= 60_000_000 } ?? true }

    init(row: Row) throws {
        id = try row["token_id"]
        userID = try row["user_id"]
        description = try row["description"]
        caveats = try StringList.decode(row["caveats"])
        sealedKey = try row["sealed_key"]
        origin = try row["origin"]
        lastUsedAt = try row["last_used_at"]
    }
}
