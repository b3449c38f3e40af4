// Who is asking.

package import Credentials

/// Who a request comes from, once its credentials are known to be genuine.
package enum Identity: Sendable {
    case anonymous
    /// A user, by one of their API tokens, from somewhere. What the token allows is asked in ``Permission``'s checks.
    case token(User, APIToken, Macaroon, RequestSource)

    /// The user behind the request.
    package var user: User? {
        switch self {
        case .anonymous: nil
        case .token(let user, _, _, _): user
        }
    }
}

/// Credentials as they arrived, before anybody looked whether they are genuine.
package enum PresentedCredentials: Sendable, Hashable {
    case none
    /// HTTP Basic with a user name: passwords open nothing here.
    case password(username: String)
    /// Basic with the user `__token__`, or a bearer token.
    case token(String)
}

/// Where a request came from, for the security history.
package struct RequestSource: Sendable, Hashable {
    package var address: String?
    package var userAgent: String?

    package init(address: String? = nil, userAgent: String? = nil) {
        self.address = address
        self.userAgent = userAgent
    }
}
