// The question whether a password was ever leaked, asked without telling it.
import Crypto

/// The pure part of a k-anonymity look-up (platform §1.4): a range service is asked for the first five hexadecimal digits of a password's SHA-1, and answers
/// with the rest of every leaked one that begins so.
///
/// SHA-1 is the service's choice; nothing rests on it here. The digits after the prefix show in no description.
public struct BreachRange: Sendable, Hashable {
    /// How many digits the service is told.
    public static let prefixLength = 5
    /// The longest answer that is read, in bytes; real ones have some 40 kB.
    public static let longestAnswer = 4 << 20

    /// The five digits to ask for, in upper case.
    public let prefix: String
    private let suffix: [UInt8]

    /// - Parameter password: its UTF-8 bytes are hashed as they are.
    public init(password: String) {
        let digits = Insecure.SHA1.hash(data: Array(password.utf8)).flatMap { [Self.digit($0 >> 4), Self.digit($0 & 15)] }
        prefix = String(decoding: digits[..<Self.prefixLength], as: UTF8.self)
        suffix = Array(digits[Self.prefixLength...])
    }

    /// How often the password was seen in leaks; 0 when it is not in the answer.
    ///
    /// Each line is the other 35 digits in either case, a colon and a count. An entry with the count 0 is padding that the service adds so that the length tells
    /// nothing, and is passed over. Every line is compared, and in constant time.
    /// - Throws: ``InvalidBreachAnswer`` when it is too long or a line is malformed: an error page must not pass for "never leaked".
    public func count(in answer: [UInt8]) throws(InvalidBreachAnswer) -> Int {
        guard answer.count <= Self.longestAnswer else { throw InvalidBreachAnswer() }
        var count = 0
        for line in answer.split(separator: UInt8(ascii: "\n")) {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard !line.isEmpty else { continue }
            let digits = line.prefix(suffix.count)
            let rest = line.dropFirst(suffix.count)
            guard digits.count == suffix.count, digits.allSatisfy(Self.isDigit), rest.first == UInt8(ascii: ":"),
                let seen = Self.number(rest.dropFirst())
            else { throw InvalidBreachAnswer() }
            let folded = digits.map { $0 >= UInt8(ascii: "a") ? $0 - 32 : $0 }
            if areEqualInConstantTime(folded, suffix) { count = max(count, seen) }
        }
        return count
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF) && byte >= 0x41 }

    private static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard (1...18).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}

extension BreachRange: CustomStringConvertible, CustomReflectable {
    public var description: String { "breach range \(prefix)" }
    public var customMirror: Mirror { Mirror(self, children: ["prefix": prefix]) }
}

/// What a range service answered is not a list of digits and counts.
public struct InvalidBreachAnswer: Error, Sendable, CustomStringConvertible {
    public let description = "the breach service's answer is malformed"
}
