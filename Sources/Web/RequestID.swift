// What one request is called, in its response and in every line that is logged about it.

package import HTTPTypes
package import NIOCore
import Synchronization

/// The name of a request: sixteen hexadecimal digits, or what a trusted proxy called it.
///
/// Numbers begin at random and count up, so that two processes seldom give out the same one and making one costs an addition.
package struct RequestID: Sendable, Hashable, CustomStringConvertible {
    private let number: UInt64
    private let given: String?

    private static let next = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    /// The request that this task works for.
    @TaskLocal package static var current: RequestID?

    /// A name that this process has not given out yet.
    package static func make() -> RequestID {
        RequestID(number: next.wrappingAdd(1, ordering: .relaxed).newValue, given: nil)
    }

    /// The name that a proxy gave the request, where proxies are believed and it is a name; otherwise a new one.
    package static func of(_ headers: HTTPFields, trustsProxies: Bool) -> RequestID {
        guard trustsProxies, let given = headers[.requestID], isName(given) else { return make() }
        return RequestID(number: 0, given: given)
    }

    /// Nothing that could end a header, break a log line or fill a disk.
    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Writes the name; for a number without allocating anything.
    @discardableResult
    package func write(into buffer: inout ByteBuffer) -> Int {
        if let given { return buffer.writeString(given) }
        // Two digits a byte, so that a register holds half of them.
        return buffer.writeInteger(Self.digits(UInt32(truncatingIfNeeded: number >> 32)))
            + buffer.writeInteger(Self.digits(UInt32(truncatingIfNeeded: number)))
    }

    /// Eight hexadecimal digits, the first in the highest byte.
    private static func digits(_ half: UInt32) -> UInt64 {
        var digits: UInt64 = 0
        for shift in stride(from: UInt32(28), through: 0, by: -4) {
            let nibble = UInt8(truncatingIfNeeded: half >> shift) & 15
            digits = digits << 8 | UInt64(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble)
        }
        return digits
    }

    package var description: String {
        if let given { return given }
        var buffer = ByteBuffer()
        write(into: &buffer)
        return String(buffer: buffer)
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
}
