import Localization
import SQLDatabase

extension PackageIndex {
    /// Sets the name that others see beside the user name.
    ///
    /// - Throws: ``Rejection`` `invalid` for one that is too long or looks like a link.
    package func changeName(of user: User, to name: String) async throws {
        let name = String(name.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        if let fault = Self.fault(ofName: name) { throw Rejection(.invalid, fault, field: "name") }
        try await database.write { try $0.users.setName(of: user.id, name) }
    }

    /// What is wrong with a person's name; `nil` for nothing (platform §1.1).
    static func fault(ofName name: String) -> Message? {
        if name.count > 100 { return "A name may have 100 characters." }
        if name.contains("://") { return "A name can not be a link." }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { return "A name can not hold control characters." }
        return nil
    }
}
