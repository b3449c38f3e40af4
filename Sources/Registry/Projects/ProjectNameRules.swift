import Packaging
import SQLDatabase

/// Which names a new project may not take (index §2.6 step 5), in the order they are checked.
enum ProjectNameRules {
    /// - Parameters:
    ///   - standardLibrary: the names that belong to Python.
    ///   - links: for the place in the help that explains the refusal.
    /// - Throws: ``Rejection``: `conflict` for a name that is taken, `invalid` for one that nobody may take.
    static func check(_ name: ProjectName, _ standardLibrary: StandardLibrary, _ tx: any Connection, links: Links) throws {
        let help = links.help(.projectName)
        if standardLibrary.contains(name.normalized) {
            throw Rejection(
                .invalid,
                "The name '\(name)' isn't allowed: it is the name of a module of Python's standard library. See \(help) for more information.",
                field: "name"
            )
        }
        if try tx.projects.find(name.normalized) != nil {
            throw Rejection(.conflict, "The name '\(name)' conflicts with an existing project. See \(help) for more information.", field: "name")
        }
        if try tx.prohibitedNames.contains(name.normalized) {
            throw Rejection(.invalid, "The name '\(name)' isn't allowed. See \(help) for more information.", field: "name")
        }
        // The other project is not named: its existence may be nobody's business.
        if try tx.projects.existsSimilar(to: name.ultranormalized) {
            throw Rejection(.invalid, "The name '\(name)' is too similar to an existing project. See \(help) for more information.", field: "name")
        }
    }
}
