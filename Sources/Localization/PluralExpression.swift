/// An expression of C over one number, `n`.
indirect enum PluralExpression: Sendable, Hashable {
    case number
    case constant(Int)
    case not(PluralExpression)
    case binary(Operation, PluralExpression, PluralExpression)
    case choice(PluralExpression, PluralExpression, PluralExpression)

    enum Operation: String, Sendable, Hashable {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case remainder = "%"

        /// How tightly it binds.
        var precedence: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .equal, .notEqual: 3
            case .less, .lessOrEqual, .greater, .greaterOrEqual: 4
            case .plus, .minus: 5
            case .times, .over, .remainder: 6
            }
        }
    }

    /// - Returns: `nil` where there is no value: a division by zero, or a number that is too large.
    func value(for number: Int) -> Int? {
        switch self {
        case .number: return number
        case .constant(let constant): return constant
        case .not(let expression): return expression.value(for: number).map { $0 == 0 ? 1 : 0 }
        case .choice(let condition, let yes, let no):
            return condition.value(for: number).flatMap { ($0 != 0 ? yes : no).value(for: number) }
        case .binary(let operation, let left, let right):
            guard let first = left.value(for: number) else { return nil }
            // These do not look at their right side when the left one decides.
            if operation == .or, first != 0 { return 1 }
            if operation == .and, first == 0 { return 0 }
            return right.value(for: number).flatMap { Self.result(operation, first, $0) }
        }
    }

    private static func result(_ operation: Operation, _ left: Int, _ right: Int) -> Int? {
        func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int? { result.overflow ? nil : result.partialValue }
        return switch operation {
        case .or, .and: right != 0 ? 1 : 0
        case .equal: left == right ? 1 : 0
        case .notEqual: left != right ? 1 : 0
        case .less: left < right ? 1 : 0
        case .lessOrEqual: left <= right ? 1 : 0
        case .greater: left > right ? 1 : 0
        case .greaterOrEqual: left >= right ? 1 : 0
        case .plus: checked(left.addingReportingOverflow(right))
        case .minus: checked(left.subtractingReportingOverflow(right))
        case .times: checked(left.multipliedReportingOverflow(by: right))
        case .over: checked(left.dividedReportingOverflow(by: right))
        case .remainder: checked(left.remainderReportingOverflow(dividingBy: right))
        }
    }
}

extension PluralExpression {
    init(_ text: Substring) throws(InvalidPluralRule) {
        var parser = try Parser(text)
        self = try parser.choice(depth: 0)
        guard parser.token == nil else { throw .expression }
    }

    /// Reads from left to right, one token ahead.
    private struct Parser {
        private var rest: Substring.UTF8View
        private(set) var token: Token?

        enum Token: Equatable {
            case number
            case constant(Int)
            case operation(Operation)
            /// `! ? : ( )`
            case sign(UInt8)
        }

        init(_ text: Substring) throws(InvalidPluralRule) {
            rest = text.utf8
            try advance()
        }

        mutating func choice(depth: Int) throws(InvalidPluralRule) -> PluralExpression {
            guard depth < 20 else { throw .tooDeep }
            let condition = try binary(atLeast: 1, depth: depth)
            guard try skip(UInt8(ascii: "?")) else { return condition }
            let yes = try choice(depth: depth + 1)
            guard try skip(UInt8(ascii: ":")) else { throw .expression }
            return .choice(condition, yes, try choice(depth: depth + 1))
        }

        private mutating func binary(atLeast precedence: Int, depth: Int) throws(InvalidPluralRule) -> PluralExpression {
            var left = try primary(depth: depth)
            while case .operation(let operation)? = token, operation.precedence >= precedence {
                try advance()
                left = .binary(operation, left, try binary(atLeast: operation.precedence + 1, depth: depth))
            }
            return left
        }

        private mutating func primary(depth: Int) throws(InvalidPluralRule) -> PluralExpression {
            guard depth < 20 else { throw .tooDeep }
            switch token {
            case .number:
                try advance()
                return .number
            case .constant(let constant):
                try advance()
                return .constant(constant)
            case .sign(UInt8(ascii: "!")):
                try advance()
                return .not(try primary(depth: depth + 1))
            case .sign(UInt8(ascii: "(")):
                try advance()
                let inner = try choice(depth: depth + 1)
                guard try skip(UInt8(ascii: ")")) else { throw .expression }
                return inner
            default: throw .expression
            }
        }

        private mutating func skip(_ sign: UInt8) throws(InvalidPluralRule) -> Bool {
            guard token == .sign(sign) else { return false }
            try advance()
            return true
        }

        private mutating func advance() throws(InvalidPluralRule) {
            rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
            guard let byte = rest.first else { return token = nil }
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            if !digits.isEmpty {
                guard let constant = Int(Substring(digits)) else { throw .expression }
                token = .constant(constant)
                rest = rest.dropFirst(digits.count)
                return
            }
            for length in [2, 1] {
                guard let operation = Operation(rawValue: String(decoding: rest.prefix(length), as: UTF8.self)) else { continue }
                token = .operation(operation)
                rest = rest.dropFirst(length)
                return
            }
            switch byte {
            case UInt8(ascii: "n"): token = .number
            case _ where "!?:()".utf8.contains(byte): token = .sign(byte)
            default: throw .expression
            }
            rest = rest.dropFirst()
        }
    }
}
