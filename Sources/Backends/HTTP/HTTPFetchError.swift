/// Why there is no answer. Never holds a header or a query: those may be secret.
public enum HTTPFetchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The request can not be sent at all, such as to something that is no URL.
    case invalidRequest(String)
    /// Nobody was reached there: no byte of the request was sent.
    case notConnected(String)
    /// The connection ended before the answer did, or what came was no HTTP, or the certificate is not accepted; the other side may or may not have acted.
    case interrupted(String)
    /// The answer was not complete in time; the other side may or may not have acted.
    case timedOut(Duration)
    /// The answer's body has more bytes than this.
    case tooLarge(limit: Int)
    /// The task that asked was cancelled.
    case cancelled

    public var description: String {
        switch self {
        case .invalidRequest(let reason): "the request can not be sent: \(reason)"
        case .notConnected(let reason): "no connection: \(reason)"
        case .interrupted(let reason): "the connection broke: \(reason)"
        case .timedOut(let duration): "no whole answer within \(duration)"
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .cancelled: "the request was cancelled"
        }
    }
}
