/// Why bytes are no RESP, or more of it than we are willing to hold. After one of these nothing that follows can be understood.
public enum RESPFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A byte that begins no value.
    case unknownKind(UInt8)
    /// A line that is not what its kind asks for.
    case invalidLine(kind: UInt8)
    /// A string that does not end where it said.
    case unterminatedString
    /// Aggregates and strings of a length that is not said beforehand: no server sends them.
    case streamed
    /// A push in the midst of another value.
    case nestedPush
    case tooDeep(limit: Int)
    case tooManyElements(limit: Int)
    case tooManyBytes(limit: Int)

    public var description: String {
        switch self {
        case .unknownKind(let byte): "byte \(byte) begins no value"
        case .invalidLine(let kind): "a line of kind '\(Character(Unicode.Scalar(kind)))' is not valid"
        case .unterminatedString: "a string does not end where it said"
        case .streamed: "values of unknown length are not taken"
        case .nestedPush: "a push in the midst of another value"
        case .tooDeep(let limit): "a value is nested more than \(limit) deep"
        case .tooManyElements(let limit): "a value has more than \(limit) elements"
        case .tooManyBytes(let limit): "a value has more than \(limit) bytes"
        }
    }
}
