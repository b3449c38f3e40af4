import Packaging

/// Names and versions as they stand in addresses.
enum ProjectAddress {
    /// - Returns: `nil` for what is never a name, and not everything of which can be asked of a database.
    static func name(_ text: String) -> NormalizedName? {
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._".utf8.contains(byte)
            }
        }
        guard isName, !text.isEmpty, text.utf8.count <= 500 else { return nil }
        return NormalizedName(normalizing: text)
    }
}
