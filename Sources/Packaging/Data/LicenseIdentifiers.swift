// The identifiers of the SPDX licence list.

/// Look-ups in the SPDX licence list, ignoring case.
public struct LicenseIdentifiers: Sendable {
    /// Every licence identifier, in alphabetical order.
    public let all: [String]
    private let licenses: [String: String]
    private let exceptions: [String: String]

    init(licenses: [String], exceptions: [String]) {
        all = licenses
        self.licenses = [String: String](licenses.map { ($0.lowercased(), $0) }) { first, _ in first }
        self.exceptions = [String: String](exceptions.map { ($0.lowercased(), $0) }) { first, _ in first }
    }

    /// The official spelling of a licence identifier; nil when SPDX has no such licence.
    public func license(_ identifier: String) -> String? {
        licenses[PythonText.lowercased(identifier)]
    }

    /// The official spelling of a licence exception (what may follow `WITH`); nil when SPDX has no such exception.
    public func exception(_ identifier: String) -> String? {
        exceptions[PythonText.lowercased(identifier)]
    }
}
