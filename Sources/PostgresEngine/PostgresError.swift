// PostgreSQL's SQLSTATEs as `DatabaseError`.

import CLibPQ
import SQLDatabase

extension DatabaseError {
    /// - Parameters:
    ///   - result: the failed result; `nil` when the server did not answer.
    ///   - connectionMessage: what libpq said of the connection.
    init(result: OpaquePointer?, connectionMessage: String, isAlive: Bool) {
        func field(_ code: Character) -> String? { Self.field(code, of: result) }
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

    /// A field of a failed result, by the letter that libpq's headers give it: their macros are character literals, which Swift does not import.
    static func field(_ code: Character, of result: OpaquePointer?) -> String? {
        PQresultErrorField(result, Int32(code.asciiValue!)).map { String(cString: $0) }
    }

    /// The columns in PostgreSQL's detail `Key (a, b)=(1, 2) already exists.`
    private static func columns(of detail: String) -> [String] {
        guard let open = detail.firstIndex(of: "("), let close = detail[open...].firstIndex(of: ")") else { return [] }
        let columns = detail[detail.index(after: open)..<close]
        // An index on an expression has no columns to name.
        guard !columns.contains("(") else { return [] }
        return columns.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\"" }.filter { $0 != "\"" } }
    }
}
