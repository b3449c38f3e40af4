/// Why something can not be part of a mail. Holds nothing of what was given: that may be anybody's address or a secret link.
public enum InvalidMail: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line break, a NUL or another control character, which would end a header and begin another.
    case control(field: String)
    /// No plain `local-part@domain`.
    case address
    case tooLong(field: String, limit: Int)
    /// No header can be called so.
    case headerName
    /// A header that the mail makes itself, or that was given twice.
    case reservedHeader(String)
    case tooManyHeaders(limit: Int)
    /// Not `left@right` in plain ASCII.
    case messageID
    /// Before 1970 or after 9999.
    case date

    public var description: String {
        switch self {
        case .control(let field): "\(field) must not hold line breaks and other control characters"
        case .address: "a mail address must be NAME@DOMAIN, without comments, quotes and spaces"
        case .tooLong(let field, let limit): "\(field) must not have more than \(limit) bytes"
        case .headerName: "a header's name is made of letters, digits and hyphens, 40 at most"
        case .reservedHeader(let name): "the header \(name) is there already"
        case .tooManyHeaders(let limit): "a mail has no more than \(limit) extra headers"
        case .messageID: "a message's id must be LEFT@RIGHT in plain ASCII"
        case .date: "a mail's date must be in the years from 1970 to 9999"
        }
    }
}
