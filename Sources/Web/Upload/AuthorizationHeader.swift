import Foundation
import Registry

/// Credentials in an `Authorization` header (index §7.4).
enum AuthorizationHeader {
    static func credentials(_ header: String?) -> PresentedCredentials {
        guard let header else { return .none }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return .none }
        let value = parts[1].filter { $0 != " " }
        switch parts[0].lowercased() {
        case "basic":
            guard let decoded = Data(base64Encoded: value).flatMap({ String(validating: $0, as: UTF8.self) }), let colon = decoded.firstIndex(of: ":")
            else {
                return .none
            }
            let username = String(decoded[..<colon])
            let secret = decoded[decoded.index(after: colon)...].filter { !$0.isWhitespace }
            return username == "__token__" ? .token(secret) : .password(username: username)
        case "bearer", "token": return .token(String(value))
        default: return .none
        }
    }
}
