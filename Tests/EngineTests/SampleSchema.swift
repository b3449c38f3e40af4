// The schema that the engine tests work on.

import SQLDatabase

let sampleSchema = [
    Migration(
        1,
        "samples",
        [
            "CREATE TABLE owners (id \(.primaryKey), name TEXT NOT NULL UNIQUE)",
            """
            CREATE TABLE items (
                id \(.primaryKey), owner_id BIGINT REFERENCES owners (id), name TEXT NOT NULL, version TEXT NOT NULL DEFAULT '1',
                count BIGINT NOT NULL DEFAULT 0 CHECK (count >= 0), UNIQUE (name, version)
            )
            """,
            "CREATE TABLE kinds (id \(.primaryKey), i BIGINT, r DOUBLE PRECISION, b BOOLEAN, t TEXT, d \(.bytes), at \(.timestamp))",
        ]
    )
]

extension DatabaseError.Kind {
    /// The kind of the database error that `body` throws.
    static func thrown<Result>(by body: () async throws -> Result) async -> DatabaseError.Kind? {
        do {
            _ = try await body()
            return nil
        } catch let error as DatabaseError {
            return error.kind
        } catch {
            return nil
        }
    }
}
