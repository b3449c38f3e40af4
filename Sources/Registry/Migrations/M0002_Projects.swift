import SQLDatabase

/// Projects, their releases and files, and who may act on them.
enum M0002_Projects {
    static let migration = Migration(
        2,
        "projects",
        [
            """
            CREATE TABLE projects (
                id \(.primaryKey),
                uuid TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                normalized_name TEXT \(sqlite: "", postgres: "COLLATE \"C\"") NOT NULL UNIQUE,
                ultranormalized_name TEXT NOT NULL,
                organization_id BIGINT REFERENCES organizations (id),
                lifecycle_status TEXT,
                last_serial BIGINT NOT NULL DEFAULT 0,
                total_size BIGINT NOT NULL DEFAULT 0,
                file_size_limit BIGINT,
                total_size_limit BIGINT,
                created_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX projects_ultranormalized ON projects (ultranormalized_name)",
            "CREATE INDEX projects_file_size_limit ON projects (file_size_limit) WHERE file_size_limit IS NOT NULL",
            """
            CREATE TABLE roles (
                id \(.primaryKey),
                project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                UNIQUE (project_id, user_id)
            )
            """,
            "CREATE INDEX roles_user ON roles (user_id)",
            """
            CREATE TABLE releases (
                id \(.primaryKey),
                project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                version TEXT NOT NULL,
                canonical_version TEXT NOT NULL,
                version_key \(.bytes) NOT NULL,
                is_prerelease BOOLEAN NOT NULL,
                status TEXT,
                yanked BOOLEAN NOT NULL DEFAULT FALSE,
                yanked_reason TEXT,
                summary TEXT,
                license TEXT,
                license_expression TEXT,
                license_files TEXT NOT NULL,
                author TEXT,
                author_email TEXT,
                maintainer TEXT,
                maintainer_email TEXT,
                home_page TEXT,
                download_url TEXT,
                keywords TEXT NOT NULL,
                platform TEXT,
                requires_python TEXT,
                provides_extra TEXT NOT NULL,
                dynamic TEXT NOT NULL,
                uploader_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
                uploaded_via TEXT,
                created_at \(.timestamp) NOT NULL,
                UNIQUE (project_id, version)
            )
            """,
            "CREATE INDEX releases_canonical ON releases (project_id, canonical_version)",
            """
            CREATE TABLE release_descriptions (
                release_id BIGINT PRIMARY KEY REFERENCES releases (id) ON DELETE CASCADE,
                content_type TEXT,
                raw TEXT NOT NULL,
                html TEXT,
                rendered_by TEXT
            )
            """,
            """
            CREATE TABLE release_dependencies (
                release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
                kind TEXT NOT NULL,
                position BIGINT NOT NULL,
                specifier TEXT NOT NULL,
                PRIMARY KEY (release_id, kind, position)
            )
            """,
            """
            CREATE TABLE release_urls (
                release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
                position BIGINT NOT NULL,
                label TEXT NOT NULL,
                url TEXT NOT NULL,
                is_verified BOOLEAN NOT NULL DEFAULT FALSE,
                PRIMARY KEY (release_id, position)
            )
            """,
            """
            CREATE TABLE release_classifiers (
                release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
                position BIGINT NOT NULL,
                classifier TEXT NOT NULL,
                PRIMARY KEY (release_id, position)
            )
            """,
            """
            CREATE TABLE files (
                id \(.primaryKey),
                project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
                filename TEXT \(sqlite: "", postgres: "COLLATE \"C\"") NOT NULL UNIQUE,
                packagetype TEXT NOT NULL,
                python_version TEXT NOT NULL,
                comment TEXT,
                size BIGINT NOT NULL,
                md5 TEXT NOT NULL UNIQUE,
                sha256 TEXT NOT NULL UNIQUE,
                blake2_256 TEXT NOT NULL UNIQUE,
                path TEXT NOT NULL UNIQUE,
                metadata_sha256 TEXT,
                metadata_blake2_256 TEXT,
                requires_python TEXT,
                uploaded_via TEXT,
                uploaded_at \(.timestamp) NOT NULL
            )
            """,
            "CREATE INDEX files_project ON files (project_id)",
            "CREATE INDEX files_release ON files (release_id)",
            "CREATE UNIQUE INDEX files_one_sdist ON files (release_id) WHERE packagetype = 'sdist'",
            // Outlives files, releases and projects: a name that was used once stays used.
            "CREATE TABLE filenames (filename TEXT PRIMARY KEY)",
            // Paths about to be written, so that what a crash leaves behind is found without listing the storage.
            """
            CREATE TABLE pending_files (
                path TEXT PRIMARY KEY,
                holders BIGINT NOT NULL,
                is_sweeping BOOLEAN NOT NULL,
                touched_at \(.timestamp) NOT NULL
            )
            """,
        ]
    )
}
