package import Packaging
import SQLDatabase

/// Some of the projects that need one, and how many there are.
package struct DependentPage: Sendable, Hashable {
    package let entries: [Dependent]
    package let total: Int
}

extension PackageIndex {
    /// A page of the projects that need one, by name.
    package func dependents(of name: NormalizedName, offset: Int, limit: Int) async throws -> DependentPage {
        try await readForPages { tx in
            DependentPage(entries: try tx.dependents.list(of: name, offset: offset, limit: limit), total: try tx.dependents.count(of: name))
        }
    }

    /// Which of these are projects of this index that everybody may see.
    package func existing(_ names: Set<NormalizedName>) async throws -> Set<NormalizedName> {
        guard !names.isEmpty else { return [] }
        let list = names.map(\.value).sorted()
        return try await readForPages { tx in
            var found: Set<NormalizedName> = []
            // Engines take so many values in one statement.
            for start in stride(from: 0, to: list.count, by: 500) {
                let piece = Array(list[start..<min(start + 500, list.count)])
                let rows = try tx.execute(
                    "SELECT normalized_name FROM projects WHERE normalized_name IN (\(list: piece)) AND lifecycle_status IS DISTINCT FROM 'quarantine-enter'"
                )
                for row in rows { found.insert(NormalizedName(normalizing: try row[at: 0, as: String.self])) }
            }
            return found
        }
    }

    /// Brings up to date what all projects need: some at a time, so that nobody waits.
    func rebuildDependents() async throws {
        var last = ""
        while true {
            let (after, database) = (last, database)
            let names = try await database.query(
                "SELECT normalized_name FROM projects WHERE normalized_name > \(after) ORDER BY normalized_name LIMIT 200"
            )
            .map { try $0[at: 0, as: String.self] }
            guard let end = names.last else { break }
            try await database.write { tx in
                try tx.dependents.update(names)
                // Of projects that are gone.
                try tx.execute("DELETE FROM dependents WHERE dependent > \(after) AND dependent <= \(end) AND dependent NOT IN (\(list: names))")
            }
            last = end
        }
        let end = last
        try await database.write { try $0.execute("DELETE FROM dependents WHERE dependent > \(end)") }
    }
}
