// Small JSON documents.

import Foundation

enum JSONText {
    /// An object of strings, its keys in the order given.
    static func object(_ pairs: [(String, String)]) -> [UInt8] {
        Array(("{" + pairs.map { "\(quoted($0)): \(quoted($1))" }.joined(separator: ", ") + "}").utf8)
    }

    private static func quoted(_ string: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // A string always encodes.
        return (try? encoder.encode(string)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
