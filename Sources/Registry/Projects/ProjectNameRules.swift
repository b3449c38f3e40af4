import Packaging
import SQLDatabase

/// Which names a new project may not take (index §2.6 step 5), in the order they are checked.
enum ProjectNameRules {
    /// - Parameters:
    ///   - standardLibrary: the names that belong to Python.
    ///   - settings: whether a name like Python's or like another project's is a reason to refuse it here.
    ///   - links: for the place in the help that explains the refusal.
    /// - Returns: what to tell the publisher of a name that is taken although it breaks a rule.
    /// - Throws: ``Rejection``: `conflict` for a name that is taken, `invalid` for one that nobody may take.
    @discardableResult
    static func check(
        _ name: ProjectName,
        _ standardLibrary: StandardLibrary,
        _ tx: any Connection,
        settings: IndexSettings,
        links: Links
    ) throws -> [UploadRemark] {
        var remarks: [UploadRemark] = []
        let help = links.help(.projectName)
        if standardLibrary.contains(name.normalized) {
            let clause = "The name '\(name)' isn't allowed: it is the name of a module of Python's standard library. See \(help) for more information"
            let warning = "The name '\(name)' is that of a module of Python's standard library"
            if let remark = try settings.judge(.standardLibraryNames, clause, warning: warning, field: "name") { remarks.append(remark) }
        }
        if try tx.projects.find(name.normalized) != nil {
            throw Rejection(.conflict, "The name '\(name)' conflicts with an existing project. See \(help) for more information.", field: "name")
        }
        if try tx.prohibitedNames.contains(name.normalized) {
            throw Rejection(.invalid, "The name '\(name)' isn't allowed. See \(help) for more information.", field: "name")
        }
        // The other project is not named: its existence may be nobody's business.
        if try tx.projects.existsSimilar(to: name.ultranormalized) {
            let clause = "The name '\(name)' is too similar to an existing project. See \(help) for more information"
            let warning = "The name '\(name)' looks like that of an existing project"
            if let remark = try settings.judge(.similarNames, clause, warning: warning, field: "name") { remarks.append(remark) }
        }
        return remarks
    }
}
