// What a browser holds to be known again.

import Crypto
import Foundation

/// The name of a session: 32 random bytes in base64url, which only its browser knows.
package struct SessionID: Sendable, Hashable {
    /// As the cookie holds it.
    package let text: String

    /// A new one.
    package init() {
        text = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// - Returns: `nil` for what this site never gave out.
    package init?(_ text: String) {
        func isAllowed(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        }
        guard text.utf8.count == 43, text.utf8.allSatisfy(isAllowed) else { return nil }
        self.text = text
    }

    /// What the session is kept under: it opens nothing.
    var hash: String { SHA256.hash(data: Data(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
