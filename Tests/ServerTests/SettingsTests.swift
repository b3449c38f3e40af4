// How settings are read (design §0: flags, then the environment, then emporium.yaml).

import Backends
import Foundation
import Logging
import Registry
import TestSupport
import Testing
import Web

@testable import Server

struct SettingsTests {
    /// Reads settings with a file of this content.
    private func read(flags: [String: String] = [:], environment: [String: String] = [:], yaml: String = "") async throws -> Settings {
        try await withFolder { folder in
            let path = "\(folder)/settings.yaml"
            try yaml.write(toFile: path, atomically: true, encoding: .utf8)
            return try await Settings.read(flags: flags, file: path, environment: environment)
        }
    }

    private func failure(
        flags: [String: String] = [:],
        environment: [String: String] = [:],
        yaml: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> String {
        do {
            _ = try await read(flags: flags, environment: environment, yaml: yaml)
            Issue.record("the settings were taken", sourceLocation: sourceLocation)
            return ""
        } catch {
            return "\(error)"
        }
    }

    // design §0
    @Test func `flags win over the environment, which wins over the file`() async throws {
        let yaml = "port: 1001\nhost: file.example\nrules: team\n"
        let environment = ["EMPORIUM_PORT": "1002", "EMPORIUM_HOST": "environment.example"]
        let all = try await read(flags: ["port": "1003"], environment: environment, yaml: yaml)
        #expect(all.port == 1003)
        #expect(all.host == "environment.example")
        #expect(all["rules"] == "team")
        #expect(try await read(environment: environment).port == 1002)
        #expect(try await read(yaml: yaml).port == 1001)
        let none = try await read()
        #expect(none.port == 8080 && none.host == "127.0.0.1" && none.dataFolder == "./emporium-data")
    }

    // design §0: every setting named there is accepted from the first version on.
    @Test func `every setting of the design exists`() {
        let named = [
            "DATABASE_URL", "CACHE_URL", "STORAGE_URL", "SEARCH_URL", "MAIL_URL", "CDN_URL", "FASTLY_KEY", "PUBLIC_URL", "REQUIRE_HTTPS", "PYTHON",
            "SECRET_KEY",
            "READ_ACCESS", "OIDC_ALLOW_HTTP", "RULES", "METADATA_CHECK", "SECOND_FACTOR", "RATE_LIMITS",
        ]
        let known = Set(SettingDefinition.all.map(\.environmentName))
        for name in named { #expect(known.contains("EMPORIUM_\(name)"), "\(name)") }
        #expect(known.count == SettingDefinition.all.count)
    }

    // design §0: a good value of each setting is taken, in the environment and in the file.
    @Test func `every setting takes a good value`() async throws {
        let good = [
            "host": "0.0.0.0", "port": "0", "data": "/srv/emporium", "assets": "/srv/assets", "public_url": "https://packages.example/index/",
            "database_url": "sqlite:/srv/a.sqlite", "database_replica_url": "postgres://a@replica/b", "database_pooler": "transaction",
            "database_listen_url": "postgres://a@b/c", "database_connections": "20", "sqlite_synchronous": "normal",
            "storage_url": "s3://bucket?region=x", "storage_downloads": "redirect", "archive_url": "file:/srv/archive",
            "cache_url": "redis://localhost", "cache_url_sessions": "redis://localhost/2", "cache_url_rate_limits": "rediss://:word@localhost/3",
            "cache_url_identity_keys": "memory:", "cache_url_xmlrpc": "redis://a,b?cluster=yes", "cache_url_queries": "redis://a,b/5?sentinel=main",
            "search_url": "opensearch+http://localhost", "mail_url": "smtp://localhost", "mail_from": "index@packages.example",
            "registration": "closed", "cdn_url": "fastly:ID",
            "fastly_key": "k", "shutdown_delay": "5",
            "secret_key": String(repeating: "s", count: 32), "require_https": "false", "trusted_proxies": "2", "read_access": "authenticated",
            "second_factor": "uploads", "rules": "team", "local_versions": "refuse", "linux_wheels": "refuse", "upload_window_days": "0",
            "private_classifiers": "refuse", "unknown_classifiers": "refuse", "direct_url_dependencies": "refuse", "standard_library_names": "refuse",
            "similar_names": "refuse", "unnormalized_filenames": "refuse", "unknown_platforms": "refuse", "broken_descriptions": "refuse",
            "new_project_limits": "on", "hosts": "old.example.org, 192.0.2.7:8080",
            "file_size_limit": "7",
            "project_size_limit": "3", "metadata_check": "warn", "rate_limits": "ip.login=20/5min", "new_places": "allow",
            "breach_list_url": "https://breaches.example/range/", "captcha": "hcaptcha", "captcha_site_key": "key", "captcha_secret": "secret",
            "terms_url": "https://terms.example/", "terms_revision": "2", "security_contact": "mailto:security@example.org",
            "download_counts": "off", "funding_manifest_url": "https://funding.example/funding.json",
            "python": "/usr/bin/python3", "oidc_allow_http": "true",
            "log_level": "trace", "log_format": "json", "page_cache_size": "0",
            "metrics_access": "token:0123456789abcdef", "database_queue": "9",
        ]
        #expect(Set(good.keys) == Set(SettingDefinition.all.map(\.key)))
        let environment = Dictionary(uniqueKeysWithValues: good.map { ("EMPORIUM_\($0.key.uppercased())", $0.value) })
        for settings in [try await read(environment: environment), try await read(yaml: good.map { "\($0.key): \"\($0.value)\"\n" }.joined())] {
            #expect(settings.given == good)
            #expect(settings.publicURL == "https://packages.example/index")
            #expect(settings.database == .sqlite(path: "/srv/a.sqlite"))
            #expect(settings.storage == .s3(try S3Location("s3://bucket?region=x")))
            let index = settings.indexSettings(listeningURL: "http://x")
            #expect(index.readAccess == .authenticated && index.secondFactor == .uploads && index.metadataCheck == .warn)
            // The set of rules allows them, the settings of their own refuse them.
            #expect(!index.allowsLocalVersions && !index.allowsLinuxWheels)
            #expect(index.limitsNewProjects)
            #expect(index.uploadRules == IndexSettings(rules: .pypi).uploadRules)
            #expect(index.uploadWindowDays == nil && index.fileSizeLimit == 7 << 20 && index.projectSizeLimit == 3 << 30)
            #expect(!settings.webSettings.requiresHTTPS && settings.webSettings.trustedProxies == 2)
            #expect(settings.logLevel.rawValue == "trace")
        }
    }

    // design §0
    @Test func `numbers and truth values of the file need no quotes`() async throws {
        let settings = try await read(yaml: "# a comment\nport: 9000\nrequire_https: true\n")
        #expect(settings.port == 9000)
        #expect(settings.webSettings.requiresHTTPS)
    }

    // design §0: "An unknown setting or a bad value stops the start with one clear line".
    @Test func `an unknown setting is named`() async throws {
        let environment = await failure(environment: ["EMPORIUM_PROT": "1"])
        #expect(environment.contains("EMPORIUM_PROT"))
        let file = await failure(yaml: "host: x\nprot: 1\n")
        #expect(file.contains("prot"))
        // Other programs' variables are not our business.
        _ = try await read(environment: ["EMPIRE": "1", "PORT": "x"])
    }

    // design §0
    @Test(arguments: [
        ("port", "http"), ("port", "65536"), ("port", "-1"), ("public_url", "packages.example"), ("public_url", "https://"),
        ("public_url", "https://x/?q"),
        ("database_url", "mysql://x"), ("storage_url", "/srv"), ("storage_url", "s3://bucket?preset=none"), ("storage_downloads", "mirror"),
        ("storage_downloads", "redirect"),
        ("require_https", "yes"), ("trusted_proxies", "-1"), ("read_access", "everyone"),
        ("second_factor", "no"), ("rules", "npm"), ("upload_window_days", "two"), ("file_size_limit", "0"), ("log_level", "loud"),
        ("sqlite_synchronous", "off"), ("log_format", "xml"), ("metrics_access", "everyone"), ("metrics_access", "token:short"),
        ("database_queue", "0"),
        ("mail_url", "mailto:x"), ("cdn_url", "cloud"), ("rate_limits", "true"), ("rate_limits", "ip.login=0/1h"), ("new_places", "ask"),
        ("captcha", "x"), ("terms_url", "x"),
        ("security_contact", "security@example.org"), ("metadata_check", "ignore"), ("database_connections", "0"),
    ])
    func `a bad value is named with its setting`(key: String, value: String) async throws {
        for text in [await failure(environment: ["EMPORIUM_\(key.uppercased())": value]), await failure(yaml: "\(key): \"\(value)\"\n")] {
            #expect(text.contains("EMPORIUM_\(key.uppercased())"), "\(text)")
            #expect(!text.contains("\n"))
        }
    }

    // design §0, house rule: secrets are never printed.
    @Test func `a bad secret is named but not shown`() async throws {
        for (key, value) in [
            ("secret_key", "my-short-secret"), ("database_url", "mysql://user:my-short-secret@host"), ("mail_url", "imap://my-short-secret"),
        ] {
            let text = await failure(environment: ["EMPORIUM_\(key.uppercased())": value])
            #expect(text.contains("EMPORIUM_\(key.uppercased())"))
            #expect(!text.contains("my-short-secret"), "\(text)")
        }
        for key in ["secret_key", "database_url", "mail_url", "cache_url", "search_url", "fastly_key"] {
            #expect(SettingDefinition.all.first { $0.key == key }?.isSecret == true, "\(key)")
        }
    }

    // design §0
    @Test func `PostgreSQL needs a public URL and a secret key`() async throws {
        let url = ["EMPORIUM_DATABASE_URL": "postgres://user:pass@host/db"]
        let secret = ["EMPORIUM_SECRET_KEY": String(repeating: "s", count: 32)]
        let site = ["EMPORIUM_PUBLIC_URL": "https://packages.example"]
        #expect(await failure(environment: url.merging(secret) { $1 }).contains("EMPORIUM_PUBLIC_URL"))
        #expect(await failure(environment: url.merging(site) { $1 }).contains("EMPORIUM_SECRET_KEY"))
        let settings = try await read(environment: url.merging(secret) { $1 }.merging(site) { $1 })
        #expect(settings.database == .postgres(url: "postgres://user:pass@host/db"))
        #expect(try await read(environment: ["EMPORIUM_DATABASE_URL": "sqlite:x"]).database == .sqlite(path: "x"))
    }

    // design §0; index §0.2 step 2
    @Test func `HTTPS is required and one proxy trusted exactly when the public URL is https`() async throws {
        let https = try await read(environment: ["EMPORIUM_PUBLIC_URL": "https://packages.example"]).webSettings
        #expect(https.requiresHTTPS && https.trustedProxies == 1)
        for environment in [[:], ["EMPORIUM_PUBLIC_URL": "http://packages.example"]] {
            let http = try await read(environment: environment).webSettings
            #expect(!http.requiresHTTPS && http.trustedProxies == 0)
        }
    }

    @Test(arguments: ["", "\n", "# nothing yet\n", "---\n# port: 1\n\n  # host: x\n"]) func `a settings file that says nothing is none`(yaml: String)
        async throws
    {
        #expect(try await read(yaml: yaml).given.isEmpty)
    }

    @Test func `a settings file that was asked for must be there and be YAML`() async throws {
        await #expect(throws: CommandFailure.self) { try await Settings.read(flags: [:], file: "/nowhere/settings.yaml", environment: [:]) }
        #expect(await !failure(yaml: "port: [1,\n").isEmpty)
    }
}
