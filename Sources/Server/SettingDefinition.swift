// Every setting there is.

import Backends
import Registry

/// A setting: what it is called, what it may be, and whether this version does anything with it.
struct SettingDefinition: Sendable {
    enum Status: Sendable, Hashable {
        case active
        /// Accepted and checked, but the feature is still to come.
        case ignoredYet
    }

    /// As in `emporium.yaml`; in the environment it is `EMPORIUM_` and this in capitals.
    let key: String
    let summary: String
    /// What holds when it is not set.
    let fallback: String
    let status: Status
    let isSecret: Bool
    /// What is wrong with a value; `nil` for nothing.
    let fault: @Sendable (String) -> String?

    var environmentName: String { "EMPORIUM_" + key.uppercased() }

    init(
        _ key: String,
        _ summary: String,
        fallback: String,
        status: Status = .active,
        isSecret: Bool = false,
        fault: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.key = key
        self.summary = summary
        self.fallback = fallback
        self.status = status
        self.isSecret = isSecret
        self.fault = fault
    }

    static let all: [SettingDefinition] = [
        .init("host", "the address to listen on", fallback: "127.0.0.1"),
        .init("port", "the port to listen on; 0 for any free one", fallback: "8080", fault: number(0...65535)),
        .init("data", "the folder that holds everything", fallback: "./emporium-data"),
        .init(
            "assets",
            "a folder whose emporium.css, emporium.js and logo.svg are shown instead of the program's, for whoever works on them",
            fallback: "none"
        ),
        .init(
            "public_url",
            "the base of every absolute URL, with the path that the site is mounted at if it has one; requests to other host names are refused; required with PostgreSQL",
            fallback: "the listening address",
            fault: webURL
        ),
        .init(
            "hosts",
            "further host names, separated by commas, that the site answers by beside that of its public URL; ports play no part",
            fallback: "none",
            fault: { text in
                let names = text.split { $0 == "," || $0 == " " }
                let isPlain = names.allSatisfy { name in
                    name.utf8.allSatisfy { byte in
                        byte > 0x20 && byte < 0x7F && !"/\\\"'<>@?#".utf8.contains(byte)
                    }
                }
                return isPlain && !names.isEmpty ? nil : "it must be host names such as packages.example.org or 192.0.2.7, separated by commas"
            }
        ),
        .init(
            "database_url",
            "sqlite:PATH or postgres://…",
            fallback: "sqlite: in the data folder",
            isSecret: true,
            fault: oneOf("sqlite:", "postgres://", "postgresql://")
        ),
        .init(
            "database_replica_url",
            "postgres://… of a streaming replica that pages may be read from",
            fallback: "none: everything is read from the database",
            isSecret: true,
            fault: oneOf("postgres://", "postgresql://")
        ),
        .init(
            "database_pooler",
            "transaction: the database URL leads to pgbouncer in transaction mode, or the like",
            fallback: "none",
            fault: word("none", "transaction")
        ),
        .init(
            "database_listen_url",
            "postgres://… past such a pooler, for messages between processes",
            fallback: "the database URL, or no messages with a pooler",
            isSecret: true,
            fault: oneOf("postgres://", "postgresql://")
        ),
        .init("database_connections", "how many PostgreSQL connections this process may hold", fallback: "8", fault: number(1...500)),
        .init(
            "database_queue",
            "how many callers may wait for a database connection before others are refused",
            fallback: "256, or 32 for each connection if that is more",
            fault: number(1...100_000)
        ),
        .init("sqlite_synchronous", "full: a commit survives a power cut; normal: a crash", fallback: "full", fault: word("full", "normal")),
        .init("storage_url", "file:DIR or s3://BUCKET?endpoint=…", fallback: "file: in the data folder", fault: storageLocation),
        .init(
            "archive_url",
            "a second storage, file:DIR or s3://…, that uploads go to first; files are served from copies in the other",
            fallback: "none: one storage is all there is",
            fault: storageLocation
        ),
        .init(
            "storage_downloads",
            "stream: files pass through the index; redirect: clients get them from the bucket",
            fallback: "stream",
            fault: word("stream", "redirect")
        ),
        .init(
            "cache_url",
            "memory:, redis://… or rediss://…; see docs/features/cache.md",
            fallback: "memory:",
            isSecret: true,
            fault: cacheLocation
        ),
        cachePart(.sessions, "who is logged in"),
        cachePart(.rateLimits, "counts of attempts"),
        cachePart(.identityKeys, "public keys of identity providers"),
        cachePart(.xmlrpc, "answers of the XML-RPC interface"),
        cachePart(.queries, "results of costly queries"),
        .init(
            "search_url",
            "sql: or opensearch+http://HOST:9200/NAME; see docs/features/search.md",
            fallback: "sql:",
            isSecret: true,
            fault: searchLocation
        ),
        .init(
            "mail_url",
            "smtp://USER:PASSWORD@HOST:587, smtps://…, directory:DIR or log:; see docs/features/mail.md",
            fallback: "log:",
            isSecret: true,
            fault: mailLocation
        ),
        .init("mail_from", "the address that mails come from", fallback: "noreply@ and the host of the public URL", fault: mailAddress),
        .init(
            "registration",
            "open: strangers may make accounts; closed: only the people who run the index make them",
            fallback: "open where mails are sent and reading needs no login, or else closed",
            fault: word("open", "closed")
        ),
        .init(
            "cdn_url",
            "none:, fastly:SERVICE_ID or varnish+http://HOST:PORT",
            fallback: "none:",
            // The key of a Varnish may stand in it.
            isSecret: true,
            fault: cdnLocation
        ),
        .init("fastly_key", "the key that may purge at Fastly; required with fastly:", fallback: "none", isSecret: true) { value in
            let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            return isPlain ? nil : "it must be plain characters without spaces"
        },
        .init(
            "secret_key",
            "signs and seals; at least 32 characters; required with PostgreSQL",
            fallback: "made and kept in the data folder",
            isSecret: true
        ) { value in
            value.utf8.count >= 32 ? nil : "it needs at least 32 characters"
        },
        .init("require_https", "whether uploads over plain HTTP are refused", fallback: "only when the public URL is https", fault: boolean),
        .init(
            "trusted_proxies",
            "how many proxies stand in front and are believed about clients",
            fallback: "1 when the public URL is https, else 0",
            fault: number(0...10)
        ),
        .init("read_access", "anonymous or authenticated", fallback: "anonymous", fault: word("anonymous", "authenticated")),
        .init("second_factor", "optional, uploads or required", fallback: "optional", fault: word("optional", "uploads", "required")),
        .init("rules", "pypi: the reference's rules; team: what a private index needs", fallback: "pypi", fault: word("pypi", "team")),
        .init("local_versions", "allow or refuse versions like 1.0+local", fallback: "as the rules say", fault: word("allow", "refuse")),
        .init("linux_wheels", "allow or refuse wheels for plain linux_* platforms", fallback: "as the rules say", fault: word("allow", "refuse")),
        rule(.privateClassifiers, "classifiers that begin with `Private ::`"),
        rule(.unknownClassifiers, "classifiers that are unknown or deprecated"),
        rule(.directURLs, "dependencies that are URLs (`name @ https://…`)"),
        rule(.standardLibraryNames, "new projects named like a module of Python's standard library, such as importlib-metadata"),
        rule(.similarNames, "new projects whose names look like that of another one"),
        rule(.unnormalizedFilenames, "file names that are not normalized (PEP 427, PEP 625), and .zip sdists"),
        rule(.unknownPlatforms, "wheels for platforms that this version does not know"),
        rule(.brokenDescriptions, "descriptions that do not render; where they are taken they are shown as plain text"),
        .init(
            "new_project_limits",
            "on: a user, and an address, may make so many new projects in a while; off: any number",
            fallback: "on; off with the rules of a team, or where strangers cannot register",
            fault: word("on", "off")
        ),
        .init("upload_window_days", "how long a release takes new files; 0 for ever", fallback: "as the rules say", fault: number(0...36500)),
        .init("file_size_limit", "the largest file, in MB", fallback: "100", fault: number(1...102_400)),
        .init("project_size_limit", "the most a project may hold, in GB", fallback: "10", fault: number(1...1_000_000)),
        .init(
            "metadata_check",
            "refuse or warn when a file contradicts its form",
            fallback: "refuse",
            fault: word("refuse", "warn")
        ),
        .init(
            "rate_limits",
            "on, off, or limits that differ from the table in docs/features/accounts.md, such as ip.login=20/5min email.add=10/1d",
            fallback: "on",
            fault: rateLimits
        ),
        .init(
            "new_places",
            "mail: a login with a code, from an address that its user has never come from, waits until a mailed link is opened; allow: it does not",
            fallback: "mail where mails are sent, or else allow",
            fault: word("mail", "allow")
        ),
        .init(
            "breach_list_url",
            "a service that lists leaked passwords by the first five digits of their SHA-1, which are put behind this URL",
            fallback: "none: passwords are not looked up",
            isSecret: true,
            fault: webURL
        ),
        .init(
            "captcha",
            "hcaptcha or recaptcha, with which people who register show that they are no program",
            fallback: "none",
            fault: word("hcaptcha", "recaptcha")
        ),
        .init(
            "security_contact",
            "whom to tell of a weakness of this index, for /.well-known/security.txt: mailto:ADDRESS or an https:// URL",
            fallback: "none: there is no such document",
            fault: oneOf("mailto:", "https://")
        ),
        .init("download_counts", "on: what this index serves is counted and shown; off: nothing is", fallback: "on", fault: word("on", "off")),
        .init(
            "funding_manifest_url",
            "the funding manifest (funding.json) of this index, for /.well-known/funding-manifest-urls",
            fallback: "none: there is no such document",
            fault: webURL
        ),
        .init("captcha_site_key", "the public key of this site at the captcha's service", fallback: "none"),
        .init("captcha_secret", "its secret", fallback: "none", isSecret: true),
        .init("terms_url", "where the terms of service can be read that people agree to when they register", fallback: "none", fault: webURL),
        .init(
            "terms_revision",
            "what tells this wording of the terms from others, such as a date; another one is announced to everybody",
            fallback: "1"
        ),
        .init(
            "page_cache_size",
            "how much memory finished pages may take, in MB; 0 to build each page anew",
            fallback: "256",
            fault: number(0...65536)
        ),
        .init(
            "shutdown_delay",
            "how many seconds everything is still answered after the word to stop, so that proxies can turn to other processes first",
            fallback: "0",
            fault: number(0...600)
        ),
        .init("python", "the interpreter that has readme_renderer[md]", fallback: "python3"),
        .init("oidc_allow_http", "tests only: issuers over plain HTTP on loopback", fallback: "false", status: .ignoredYet, fault: boolean),
        .init(
            "log_level",
            "trace, debug, info, notice, warning or error",
            fallback: "info",
            fault: word("trace", "debug", "info", "notice", "warning", "error")
        ),
        .init("log_format", "text or json: one object a line", fallback: "text", fault: word("text", "json")),
        .init(
            "metrics_access",
            "who may read /metrics: loopback (this machine, through no proxy), anyone, or token:SECRET",
            fallback: "loopback",
            isSecret: true,
            fault: metricsAccess
        ),
    ]

    private static func rule(_ rule: UploadRule, _ what: String) -> SettingDefinition {
        let team = rule.level(in: .team).rawValue
        return .init(
            rule.rawValue,
            "refuse, warn about or allow \(what)",
            fallback: "refuse; \(team) with the rules of a team",
            fault: word("refuse", "warn", "allow")
        )
    }

    private static func cachePart(_ namespace: CacheNamespace, _ content: String) -> SettingDefinition {
        .init(
            "cache_url_\(namespace.rawValue)",
            "another cache for \(content)",
            fallback: "as `cache_url`",
            isSecret: true,
            fault: cacheLocation
        )
    }

    // MARK: Faults

    private static func number(_ range: ClosedRange<Int>) -> @Sendable (String) -> String? {
        { Int($0).map(range.contains) == true ? nil : "it must be a number from \(range.lowerBound) to \(range.upperBound)" }
    }

    private static func word(_ words: String...) -> @Sendable (String) -> String? {
        { words.contains($0) ? nil : "it must be \(words.joined(separator: " or "))" }
    }

    private static func oneOf(_ prefixes: String...) -> @Sendable (String) -> String? {
        { value in prefixes.contains { value.hasPrefix($0) } ? nil : "it must begin with \(prefixes.joined(separator: " or "))" }
    }

    private static let boolean: @Sendable (String) -> String? = { ["true", "false"].contains($0) ? nil : "it must be true or false" }

    private static let storageLocation: @Sendable (String) -> String? = { value in
        guard value.hasPrefix("s3://") else { return value.hasPrefix("file:") ? nil : "it must begin with file: or s3://" }
        do throws(S3Fault) {
            _ = try S3Location(value)
            return nil
        } catch {
            return error.description
        }
    }

    private static let cdnLocation: @Sendable (String) -> String? = { value in
        do throws(CDNLocation.Fault) {
            _ = try CDNLocation(value)
            return nil
        } catch {
            return error.description
        }
    }

    private static let searchLocation: @Sendable (String) -> String? = { value in
        guard value != "sql:" else { return nil }
        guard value.hasPrefix("opensearch+") else { return "it must be sql: or begin with opensearch+http:// or opensearch+https://" }
        do throws(InvalidOpenSearchLocation) {
            _ = try OpenSearchLocation(value)
            return nil
        } catch {
            return error.description
        }
    }

    private static let mailLocation: @Sendable (String) -> String? = { value in
        do throws(MailLocation.Fault) {
            _ = try MailLocation(value)
            return nil
        } catch {
            return error.description
        }
    }

    private static let rateLimits: @Sendable (String) -> String? = { value in
        if ["on", "off"].contains(value) { return nil }
        do throws(RateLimitOverrides.Fault) {
            _ = try RateLimitOverrides(value)
            return nil
        } catch {
            return error.description
        }
    }

    private static let mailAddress: @Sendable (String) -> String? = { value in
        (try? MailAddress(value)) == nil ? "it must be a plain mail address, such as noreply@packages.example" : nil
    }

    private static let cacheLocation: @Sendable (String) -> String? = { value in
        do throws(RedisLocation.Fault) {
            _ = try CacheLocation(value)
            return nil
        } catch {
            return error.description
        }
    }

    private static let metricsAccess: @Sendable (String) -> String? = { value in
        if ["loopback", "anyone"].contains(value) { return nil }
        guard value.hasPrefix("token:") else { return "it must be loopback, anyone or token:SECRET" }
        let secret = value.dropFirst("token:".count).utf8
        return secret.count >= 16 && secret.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? nil : "its secret needs at least 16 characters, without spaces"
    }

    private static let webURL: @Sendable (String) -> String? = { value in
        let rest = value.hasPrefix("https://") ? value.dropFirst(8) : value.hasPrefix("http://") ? value.dropFirst(7) : ""
        let isPlain = !rest.isEmpty && !rest.hasPrefix("/") && rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'<>?#\\".utf8.contains($0) }
        return isPlain ? nil : "it must be an http:// or https:// URL without query"
    }
}
