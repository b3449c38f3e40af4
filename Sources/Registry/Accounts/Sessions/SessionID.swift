// What a browser holds to be known again.

import Credentials
import Crypto
import Foundation

/// The name of a session: 32 random bytes in base64url, which only its browser knows.
package struct SessionID: Sendable, Hashable {
    /// As the cookie holds it.
    package let text: String

    /// A new one.
    package init() {
        text = SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.encode(Array($0)) }
    }

    /// - Returns: `nil` for what this site never gave out.
    package init?(_ text: String) {
        guard text.utf8.count == 43, Base64URL.decode(text.utf8) != nil else { return nil }
        self.text = text
    }

    /// What the session is kept under: it opens nothing.
    var hash: String { SHA256.hash(data: Data(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
