// Lists of strings in a TEXT column.

import Foundation
import SQLDatabase

/// A list of strings as JSON: the engines share no array type.
enum StringList {
    static func encode(_ strings: [String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // A list of strings always encodes.
        return String(decoding: (try? encoder.encode(strings)) ?? Data("[]".utf8), as: UTF8.self)
    }

    static func decode(_ text: String) throws -> [String] {
        do {
            return try JSONDecoder().decode([String].self, from: Data(text.utf8))
        } catch {
            throw DatabaseError(.decoding, "A column that should hold a list of strings does not.")
        }
    }
}
