// A number inside a version: versions such as 20240101.1234567890123456789012 exist, so it may not overflow.

extension Version {
    /// A non-negative integer of any size.
    public struct Number: Hashable, Sendable {
        enum Storage: Hashable, Sendable {
            case word(UInt64)
            /// ASCII digits without leading zeros of a value above `UInt64.max`.
            case digits([UInt8])
        }

        let storage: Storage

        /// - Parameter value: any number that fits a machine word.
        public init(_ value: UInt64) {
            storage = .word(value)
        }

        /// - Parameter digits: ASCII digits, leading zeros allowed.
        init(digits: ArraySlice<UInt8>) {
            let significant = digits.drop { $0 == UInt8(ascii: "0") }
            if significant.count <= 19 {
                var value: UInt64 = 0
                for digit in significant { value = value &* 10 &+ UInt64(digit &- 0x30) }
                storage = .word(value)
            } else if significant.count == 20, let value = UInt64(String(decoding: significant, as: UTF8.self)) {
                storage = .word(value)
            } else {
                storage = .digits(Array(significant))
            }
        }

        /// The value when it fits a machine word.
        public var word: UInt64? {
            if case .word(let value) = storage { value } else { nil }
        }
    }
}

extension Version.Number: Comparable {
    public static func < (left: Version.Number, right: Version.Number) -> Bool {
        switch (left.storage, right.storage) {
        case (.word(let left), .word(let right)): left < right
        case (.word, .digits): true
        case (.digits, .word): false
        case (.digits(let left), .digits(let right)): left.count != right.count ? left.count < right.count : left.lexicographicallyPrecedes(right)
        }
    }
}

extension Version.Number: ExpressibleByIntegerLiteral, CustomStringConvertible {
    public init(integerLiteral value: UInt64) {
        self.init(value)
    }

    /// Decimal digits.
    public var description: String {
        switch storage {
        case .word(let value): String(value)
        case .digits(let digits): String(decoding: digits, as: UTF8.self)
        }
    }
}
