// PostgreSQL's SQLSTATEs as `DatabaseError`.

import CLibPQ
import SQLDatabase

extension DatabaseError {
    /// - Parameters:
    ///   - result: the failed result; `nil` when the server did not answer.
    ///   - connectionMessage: what libpq said of the connection.
    init(result: OpaquePointer?, connectionMessage: String, isAlive: Bool) {
        // The codes as libpq's headers spell them: their macros are character literals, which Swift does not import.
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue!)).map { String(cString: $0) }
        }
        let state = field("C") ?? ""
        let message = field("M") ?? connectionMessage
        let kind: Kind =
            switch state {
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case let state where state.hasPrefix("23"): .constraintViolation
            case "40001", "40P01", "55P03": .conflict
            case "57014", "25P03": .timeout
            case "53100": .full
            case "25006": .readOnly
            case "XX001", "XX002": .corrupt
            case "57P01", "57P02", "57P03", "53300": .connectionLost
            default: isAlive && !state.hasPrefix("08") ? .other : .connectionLost
            }
        self.init(kind, message, columns: kind == .uniqueViolation ? Self.columns(of: field("D") ?? "") : [])
    }

    /// The columns in PostgreSQL's detail `Key (a, b)=(1, 2) already exists.`
    private static func columns(of detail: String) -> [String] {
        guard let open = detail.firstIndex(of: "("), let close = detail[open...].firstIndex(of: ")") else { return [] }
        return detail[detail.index(after: open)..<close].split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace).description }
    }
}
