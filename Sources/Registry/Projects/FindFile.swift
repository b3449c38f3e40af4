package import Packaging
import SQLDatabase

extension PackageIndex {
    /// Whether a release has a file, quarantined or not.
    ///
    /// - Parameters:
    ///   - filename: exactly.
    ///   - version: in any spelling.
    package func hasFile(_ filename: String, of project: NormalizedName, version: String) async throws -> Bool {
        guard let version = try? Version(version) else { return false }
        return try await !database.query(
            """
            SELECT 1 AS found FROM files f JOIN releases r ON r.id = f.release_id JOIN projects p ON p.id = r.project_id
            WHERE f.filename = \(filename) AND p.normalized_name = \(project.value) AND r.canonical_version = \(version.canonical)
            """
        ).isEmpty
    }
}
