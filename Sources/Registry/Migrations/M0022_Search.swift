import SQLDatabase

/// What the database finds projects by (``SQLSearch``). All of it is made from other tables, and can be made again.
enum M0022_Search {
    static let migration = Migration(
        22,
        "search",
        [
            // Its number says when the version came to be: see ``SearchTables/number(for:createdAt:)``.
            """
            CREATE TABLE search_documents (
                number BIGINT PRIMARY KEY,
                normalized_name TEXT \(sqlite: "", postgres: "COLLATE \"C\"") NOT NULL UNIQUE,
                compact_name TEXT \(sqlite: "", postgres: "COLLATE \"C\"") NOT NULL,
                name_length BIGINT NOT NULL,
                name TEXT NOT NULL,
                version TEXT NOT NULL,
                summary TEXT NOT NULL,
                classifiers TEXT NOT NULL,
                terms TEXT NOT NULL,
                created_at \(.timestamp) NOT NULL,
                fingerprint BIGINT NOT NULL,
                indexed_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX search_documents_compact ON search_documents (compact_name)",
            // The shortest names that begin with something, without reading the others.
            "CREATE INDEX search_documents_length ON search_documents (name_length, normalized_name)",
            // Hashes of a name and of the name without each one of its letters.
            """
            CREATE TABLE search_misspellings (
                spelling BIGINT NOT NULL,
                number BIGINT NOT NULL,
                PRIMARY KEY (spelling, number)
            ) \(sqlite: "WITHOUT ROWID", postgres: "")
            """,
            // The words themselves, stemmed and folded before they come here: the engines' own readers of text have nothing left to decide. Short texts with the
            // places of their words, for phrases; of all else only which words there are.
            "\(sqlite: "CREATE VIRTUAL TABLE search_core USING fts5(core, tokenize = 'ascii', columnsize = 0)", postgres: "")",
            """
            \(sqlite: "CREATE VIRTUAL TABLE search_words USING fts5(everything, tokenize = 'ascii', detail = none, columnsize = 0)",
              postgres: "CREATE TABLE search_words (number BIGINT PRIMARY KEY, core TSVECTOR NOT NULL, everything TSVECTOR NOT NULL)")
            """,
            // The long list of words is read by its index alone; beside the short one it would only be in the way.
            "\(sqlite: "", postgres: "ALTER TABLE search_words ALTER COLUMN everything SET STORAGE EXTERNAL")",
            "\(sqlite: "", postgres: "ALTER TABLE search_words SET (toast_tuple_target = 128)")",
            "\(sqlite: "", postgres: "CREATE INDEX search_words_core ON search_words USING gin (core)")",
            "\(sqlite: "", postgres: "CREATE INDEX search_words_everything ON search_words USING gin (everything)")",
        ]
    )
}
