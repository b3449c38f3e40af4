// The identifiers of the SPDX licence list.

/// Look-ups in the SPDX licence list, ignoring case.
public enum LicenseIdentifiers {
    /// The official spelling of a licence identifier; nil when SPDX has no such licence.
    public static func license(_ identifier: String) -> String? {
        licenses[PythonText.lowercased(identifier)]
    }

    /// The official spelling of a licence exception (what may follow `WITH`); nil when SPDX has no such exception.
    public static func exception(_ identifier: String) -> String? {
        exceptions[PythonText.lowercased(identifier)]
    }

    /// Every licence identifier, in alphabetical order.
    public static var all: [String] { IdentifierLists.lines(of: IdentifierLists.licenses) }

    private static let licenses = table(of: IdentifierLists.licenses)
    private static let exceptions = table(of: IdentifierLists.licenseExceptions)

    private static func table(of list: String) -> [String: String] {
        [String: String](uniqueKeysWithValues: IdentifierLists.lines(of: list).map { ($0.lowercased(), $0) })
    }
}
