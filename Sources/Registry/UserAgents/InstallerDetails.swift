// The JSON behind an installer's name.

#if !FUZZING
import Credentials
#endif

/// What pip, uv and hatch say of where they run.
struct InstallerDetails {
    private let members: [String: JSONValue]

    /// - Parameter text: the header, or its beginning; `nil` when there is no whole JSON object in it.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")), let end = bytes.lastIndex(of: UInt8(ascii: "}")), start < end,
            case .object(let members)? = try? JSONValue(Array(bytes[start...end]))
        else { return nil }
        self.members = members
    }

    private func text(_ path: String...) -> String? {
        var value = JSONValue.object(members)
        for key in path {
            guard case .object(let members) = value, let member = members[key] else { return nil }
            value = member
        }
        guard case .string(let text) = value else { return nil }
        return UserAgent.shown(text)
    }

    func agent(_ kind: UserAgent.Kind, _ product: UserAgent.Product) -> UserAgent {
        let isInContinuousIntegration: Bool? =
            switch members["ci"] {
            case .boolean(let value)?: value
            // Installers say `null` where they see no sign of it.
            case .null?: false
            default: nil
            }
        return UserAgent(
            kind,
            name: product.name,
            version: product.version,
            python: text("python").flatMap(UserAgent.version),
            implementation: text("implementation", "name"),
            system: text("system", "name").map { UserAgent.system($0) ?? $0 },
            distribution: text("distro", "name").map { UserAgent.Release(name: $0, version: text("distro", "version")) },
            isInContinuousIntegration: isInContinuousIntegration
        )
    }
}
