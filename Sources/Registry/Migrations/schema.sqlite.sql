CREATE TABLE address_bans (
    place TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    description TEXT NOT NULL,
    caveats TEXT NOT NULL,
    sealed_key BLOB NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT, last_used_address TEXT, last_used_agent TEXT,
    UNIQUE (user_id, description)
);

CREATE TABLE authenticator_apps (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed_secret BLOB NOT NULL,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);

CREATE TABLE dependents (
    dependency TEXT  NOT NULL,
    dependent TEXT  NOT NULL,
    specifier TEXT NOT NULL,
    is_optional BOOLEAN NOT NULL,
    PRIMARY KEY (dependency, dependent)
) WITHOUT ROWID;

CREATE INDEX dependents_by_dependent ON dependents (dependent, dependency);

CREATE TABLE downloads (
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    period TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (project_id, period, dimension, value)
) WITHOUT ROWID;

CREATE INDEX downloads_by_day ON downloads (period, project_id) WHERE LENGTH(period) = 10;

CREATE TABLE emails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    folded_address TEXT NOT NULL UNIQUE,
    is_primary BOOLEAN NOT NULL,
    is_verified BOOLEAN NOT NULL,
    is_public BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE UNIQUE INDEX emails_primary ON emails (user_id) WHERE is_primary;

CREATE INDEX emails_user ON emails (user_id);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    tag TEXT NOT NULL,
    details TEXT NOT NULL,
    address TEXT,
    user_agent TEXT,
    happened_at BIGINT NOT NULL
);

CREATE INDEX events_subject ON events (subject_kind, subject_id, id);

CREATE TABLE file_contents (
    file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    format BIGINT NOT NULL,
    fault TEXT,
    summary BLOB,
    installed_size BIGINT NOT NULL DEFAULT 0,
    member_count BIGINT NOT NULL DEFAULT 0,
    typing TEXT NOT NULL DEFAULT 'none',
    commands TEXT NOT NULL DEFAULT '[]',
    import_names TEXT NOT NULL DEFAULT '[]',
    license_paths TEXT NOT NULL DEFAULT '[]',
    made_at BIGINT NOT NULL
);

CREATE TABLE filenames (filename TEXT PRIMARY KEY);

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    filename TEXT  NOT NULL UNIQUE,
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
    uploaded_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX files_one_sdist ON files (release_id) WHERE packagetype = 'sdist';

CREATE INDEX files_project ON files (project_id);

CREATE INDEX files_release ON files (release_id);

CREATE TABLE flags (name TEXT PRIMARY KEY, is_on BOOLEAN NOT NULL, notifies BOOLEAN NOT NULL, description TEXT NOT NULL);

CREATE TABLE index_identity (id TEXT PRIMARY KEY);

CREATE TABLE job_schedule (name TEXT PRIMARY KEY, cron TEXT NOT NULL, next_due BIGINT NOT NULL);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    deduplication_key TEXT,
    run_after BIGINT NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    lease TEXT,
    last_error TEXT,
    parked_at BIGINT,
    created_at BIGINT NOT NULL
, priority BIGINT NOT NULL DEFAULT 1);

CREATE INDEX jobs_by_priority ON jobs (priority, run_after, id) WHERE parked_at IS NULL;

CREATE UNIQUE INDEX jobs_deduplication ON jobs (kind, deduplication_key) WHERE lease IS NULL AND parked_at IS NULL;

CREATE INDEX jobs_parked ON jobs (parked_at, id) WHERE parked_at IS NOT NULL;

CREATE TABLE journal (
    serial BIGINT PRIMARY KEY,
    project_name TEXT NOT NULL,
    version TEXT,
    action TEXT NOT NULL,
    submitted_by TEXT,
    submitted_at BIGINT NOT NULL
);

CREATE INDEX journal_project ON journal (project_name, serial);

CREATE TABLE known_logins (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    is_confirmed BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, address)
);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL
);

CREATE TABLE observations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    subject_name TEXT NOT NULL,
    observer_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    summary TEXT NOT NULL,
    payload TEXT NOT NULL,
    observed_at BIGINT NOT NULL
);

CREATE INDEX observations_kind ON observations (kind, observed_at);

CREATE INDEX observations_subject ON observations (subject_kind, subject_id, kind);

CREATE TABLE organizations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    normalized_name TEXT NOT NULL UNIQUE,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    file_size_limit BIGINT,
    total_size_limit BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE pending_files (
    path TEXT PRIMARY KEY,
    holders BIGINT NOT NULL,
    is_sweeping BOOLEAN NOT NULL,
    touched_at BIGINT NOT NULL
);

CREATE TABLE pending_logins (
    id TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    user_agent TEXT,
    factor TEXT NOT NULL,
    recovery_code TEXT,
    next TEXT,
    password_set_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (user_id, address)
);

CREATE INDEX pending_logins_by_expiry ON pending_logins (expires_at);

CREATE TABLE prohibited_email_domains (
    domain TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE prohibited_names (normalized_name TEXT PRIMARY KEY, comment TEXT NOT NULL, prohibited_at BIGINT NOT NULL);

CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    normalized_name TEXT  NOT NULL UNIQUE,
    ultranormalized_name TEXT NOT NULL,
    organization_id BIGINT REFERENCES organizations (id),
    lifecycle_status TEXT,
    last_serial BIGINT NOT NULL DEFAULT 0,
    total_size BIGINT NOT NULL DEFAULT 0,
    file_size_limit BIGINT,
    total_size_limit BIGINT,
    created_at BIGINT NOT NULL
);

CREATE INDEX projects_by_time ON projects (created_at, id);

CREATE INDEX projects_file_size_limit ON projects (file_size_limit) WHERE file_size_limit IS NOT NULL;

CREATE INDEX projects_ultranormalized ON projects (ultranormalized_name);

CREATE TABLE recovery_codes (
    code_hash TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    burned_at BIGINT
);

CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

CREATE TABLE refreshed_lists (name TEXT PRIMARY KEY, source TEXT NOT NULL, body TEXT NOT NULL, refreshed_at BIGINT NOT NULL);

CREATE TABLE release_classifiers (
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    classifier TEXT NOT NULL,
    PRIMARY KEY (release_id, position)
);

CREATE INDEX release_classifiers_classifier ON release_classifiers (classifier, release_id);

CREATE TABLE release_dependencies (
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    position BIGINT NOT NULL,
    specifier TEXT NOT NULL,
    PRIMARY KEY (release_id, kind, position)
);

CREATE TABLE release_descriptions (
    release_id BIGINT PRIMARY KEY REFERENCES releases (id) ON DELETE CASCADE,
    content_type TEXT,
    raw TEXT NOT NULL,
    html TEXT,
    rendered_by TEXT
);

CREATE INDEX release_descriptions_renderer ON release_descriptions (rendered_by, release_id);

CREATE TABLE release_urls (
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    label TEXT NOT NULL,
    url TEXT NOT NULL,
    is_verified BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (release_id, position)
);

CREATE TABLE release_vulnerabilities (
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    vulnerability_id BIGINT NOT NULL REFERENCES vulnerabilities (id) ON DELETE CASCADE,
    PRIMARY KEY (release_id, vulnerability_id)
);

CREATE INDEX release_vulnerabilities_vulnerability ON release_vulnerabilities (vulnerability_id);

CREATE TABLE releases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    canonical_version TEXT NOT NULL,
    version_key BLOB NOT NULL,
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
    created_at BIGINT NOT NULL, home_page_verified BOOLEAN NOT NULL DEFAULT FALSE, download_url_verified BOOLEAN NOT NULL DEFAULT FALSE, author_email_verified BOOLEAN NOT NULL DEFAULT FALSE, maintainer_email_verified BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (project_id, version)
);

CREATE INDEX releases_by_time ON releases (created_at, id);

CREATE INDEX releases_canonical ON releases (project_id, canonical_version);

CREATE TABLE roles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    UNIQUE (project_id, user_id)
);

CREATE INDEX roles_user ON roles (user_id);

CREATE TABLE schema_migrations (id BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL);

CREATE VIRTUAL TABLE search_core USING fts5(core, tokenize = 'ascii', columnsize = 0);

CREATE TABLE 'search_core_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'search_core_content'(id INTEGER PRIMARY KEY, c0);

CREATE TABLE 'search_core_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_core_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE search_documents (
    number BIGINT PRIMARY KEY,
    normalized_name TEXT  NOT NULL UNIQUE,
    compact_name TEXT  NOT NULL,
    name_length BIGINT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    summary TEXT NOT NULL,
    classifiers TEXT NOT NULL,
    terms TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    fingerprint BIGINT NOT NULL,
    indexed_at BIGINT NOT NULL
);

CREATE INDEX search_documents_compact ON search_documents (compact_name);

CREATE INDEX search_documents_length ON search_documents (name_length, normalized_name);

CREATE TABLE search_misspellings (
    spelling BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (spelling, number)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE search_words USING fts5(everything, tokenize = 'ascii', detail = none, columnsize = 0);

CREATE TABLE 'search_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'search_words_content'(id INTEGER PRIMARY KEY, c0);

CREATE TABLE 'search_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE security_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    credential_id TEXT NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    sign_count BIGINT NOT NULL,
    is_backup_eligible BOOLEAN NOT NULL,
    is_backed_up BOOLEAN NOT NULL,
    transports TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (user_id, label)
);

CREATE TABLE sent_mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);

CREATE INDEX sent_mails_by_recipient ON sent_mails (recipient, kind, sent_at);

CREATE INDEX sent_mails_by_user ON sent_mails (user_id);

CREATE TABLE sessions (
    id_hash TEXT PRIMARY KEY,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_time ON sessions (expires_at);

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE terms_engagements (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    revision TEXT NOT NULL,
    kind TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, revision, kind)
);

CREATE TABLE touched_tags (number BIGINT PRIMARY KEY, tags TEXT NOT NULL, process TEXT NOT NULL, touched_at BIGINT NOT NULL);

CREATE TABLE uncopied_files (
    file_id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    look_after BIGINT NOT NULL,
    fault TEXT
);

CREATE INDEX uncopied_files_by_time ON uncopied_files (look_after, file_id);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    folded_username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    is_frozen BOOLEAN NOT NULL DEFAULT FALSE,
    is_superuser BOOLEAN NOT NULL DEFAULT FALSE,
    has_second_factor BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
, password_set_at BIGINT NOT NULL DEFAULT 0, last_login_at BIGINT, factor_generation BIGINT NOT NULL DEFAULT 0, password_disabled_for TEXT);

CREATE TABLE vulnerabilities (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    identifier TEXT NOT NULL,
    link TEXT,
    aliases TEXT NOT NULL,
    details TEXT,
    summary TEXT,
    fixed_in TEXT NOT NULL,
    withdrawn_at BIGINT,
    recorded_at BIGINT NOT NULL,
    UNIQUE (source, identifier)
);
