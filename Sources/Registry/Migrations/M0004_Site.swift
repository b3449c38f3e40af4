import SQLDatabase

/// Site-wide switches and the names nobody may take.
enum M0004_Site {
    static let migration = Migration(
        4,
        "site",
        [
            "CREATE TABLE flags (name TEXT PRIMARY KEY, is_on BOOLEAN NOT NULL, notifies BOOLEAN NOT NULL, description TEXT NOT NULL)",
            """
            INSERT INTO flags (name, is_on, notifies, description) VALUES
                ('read-only', FALSE, TRUE, 'Nothing can be changed'),
                ('disallow-new-upload', FALSE, FALSE, 'No uploads'),
                ('disallow-new-project-registration', FALSE, FALSE, 'No new projects'),
                ('disallow-new-user-registration', FALSE, FALSE, 'No new users'),
                ('disallow-deletion', FALSE, FALSE, 'Nothing can be deleted'),
                ('disallow-oidc', FALSE, FALSE, 'No trusted publishing'),
                ('disallow-github-oidc', FALSE, FALSE, 'No trusted publishing from GitHub'),
                ('disallow-gitlab-oidc', TRUE, FALSE, 'No trusted publishing from GitLab'),
                ('disallow-google-oidc', FALSE, FALSE, 'No trusted publishing from Google'),
                ('disallow-activestate-oidc', TRUE, FALSE, 'No trusted publishing from ActiveState'),
                ('disable-pep740', FALSE, FALSE, 'Attestations are not checked'),
                ('disable-upload-scanning', FALSE, FALSE, 'Uploads are not scanned')
            """,
            "CREATE TABLE prohibited_names (normalized_name TEXT PRIMARY KEY, comment TEXT NOT NULL, prohibited_at \(.timestamp) NOT NULL)",
            """
            INSERT INTO prohibited_names (normalized_name, comment, prohibited_at) VALUES
                ('requirements-txt', 'Asked for by a mistyped install command', 0),
                ('rrequirements-txt', 'Asked for by a mistyped install command', 0)
            """,
        ]
    )
}
