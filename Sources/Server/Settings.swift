// What this process was told.

import Backends
import Foundation
import Logging
import Registry
import SQLiteEngine
import Web

/// All settings, read once.
struct Settings: Sendable {
    enum DatabaseLocation: Sendable, Hashable {
        case sqlite(path: String)
        case postgres(url: String)
    }

    enum StorageLocation: Sendable, Hashable {
        case folder(String)
        case s3(S3Location)

        /// - Parameter url: `s3://…`, `file:DIR`, or a folder's path.
        init(_ url: String) {
            if let location = try? S3Location(url) {
                self = .s3(location)
            } else {
                self = .folder(url.hasPrefix("file:") ? String(url.dropFirst("file:".count)) : url)
            }
        }

        /// Whether files of the one would be files of the other.
        func isSame(as other: StorageLocation) -> Bool {
            switch (self, other) {
            case (.folder(let one), .folder(let other)): Self.absolute(one) == Self.absolute(other)
            case (.s3(let one), .s3(let other)): one.bucket == other.bucket && one.endpoint == other.endpoint && one.prefix == other.prefix
            default: false
            }
        }

        private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path }
    }

    /// The values that were given, by key.
    let given: [String: String]

    subscript(_ key: String) -> String? { given[key] }

    var host: String { self["host"] ?? "127.0.0.1" }
    var port: Int { integer("port") ?? 8080 }
    var dataFolder: String { self["data"] ?? "./emporium-data" }

    /// Without a slash at its end.
    var publicURL: String? {
        self["public_url"].map { url in
            var url = url
            while url.hasSuffix("/") { url.removeLast() }
            return url
        }
    }

    var database: DatabaseLocation {
        guard let url = self["database_url"] else { return .sqlite(path: "\(dataFolder)/emporium.sqlite") }
        return url.hasPrefix("sqlite:") ? .sqlite(path: String(url.dropFirst("sqlite:".count))) : .postgres(url: url)
    }

    var databaseConnections: Int { integer("database_connections") ?? 8 }
    var databaseQueue: Int? { integer("database_queue") }
    var sqliteSynchronous: SQLiteDatabase.Synchronous { self["sqlite_synchronous"] == "normal" ? .normal : .full }

    /// Checked when the settings were read.
    var storage: StorageLocation { self["storage_url"].map { StorageLocation($0) } ?? .folder("\(dataFolder)/files") }

    /// Checked when the settings were read.
    var archive: StorageLocation? { self["archive_url"].map { StorageLocation($0) } }

    /// Checked when the settings were read.
    var cdn: CDNLocation { self["cdn_url"].flatMap { try? CDNLocation($0) } ?? .none }

    /// Checked when the settings were read.
    var mail: MailLocation { self["mail_url"].flatMap { try? MailLocation($0) } ?? .log }

    /// Checked when the settings were read; `nil`: search is the database's.
    var openSearch: OpenSearchLocation? { self["search_url"].flatMap { try? OpenSearchLocation($0) } }

    /// Checked when the settings were read.
    var captcha: Captcha.Service? { self["captcha"].flatMap(Captcha.Service.init) }

    /// Checked when the settings were read.
    var cache: CacheLocation { self["cache_url"].flatMap { try? CacheLocation($0) } ?? .memory }

    /// Where a namespace has a place of its own.
    func cache(of namespace: CacheNamespace) -> CacheLocation? { self["cache_url_\(namespace.rawValue)"].flatMap { try? CacheLocation($0) } }

    /// The interpreter that has what others keep in Python: `readme_renderer[md]`, lists of identifiers.
    var python: String { self["python"] ?? "python3" }

    var logLevel: Logger.Level { self["log_level"].flatMap { Logger.Level(rawValue: $0) } ?? .info }
    var logFormat: LogFormat { self["log_format"].flatMap(LogFormat.init) ?? .text }

    var metricsAccess: MetricsAccess {
        switch self["metrics_access"] {
        case nil, "loopback": .loopback
        case "anyone": .anyone
        case .some(let value): .token(String(value.dropFirst("token:".count)))
        }
    }

    /// - Parameter listeningURL: the base of absolute URLs where there is no public URL.
    func indexSettings(listeningURL: String) -> IndexSettings {
        var settings = IndexSettings(rules: self["rules"].flatMap(IndexSettings.Rules.init) ?? .pypi)
        settings.publicURL = publicURL
        settings.listeningURL = listeningURL
        settings.readAccess = self["read_access"].flatMap(IndexSettings.ReadAccess.init) ?? .anonymous
        settings.secondFactor = self["second_factor"].flatMap(IndexSettings.SecondFactor.init) ?? .optional
        settings.metadataCheck = self["metadata_check"].flatMap(IndexSettings.MetadataCheck.init) ?? .refuse
        // Where mails go nowhere, nobody could prove their address; where reading needs a login, an account is what lets in.
        settings.isRegistrationOpen = self["registration"].map { $0 == "open" } ?? (mail != .log && settings.readAccess == .anonymous)
        // The people of an index that is closed to strangers may fill it as they like.
        if !settings.isRegistrationOpen { settings.limitsNewProjects = false }
        if let word = self["new_project_limits"] { settings.limitsNewProjects = word == "on" }
        let host = Links(settings: settings).hostName
        settings.mailSender = self["mail_from"] ?? "noreply@\(host.contains(where: \.isLetter) && !host.hasPrefix("[") ? host : "localhost")"
        settings.limitsRates = self["rate_limits"] != "off"
        if let text = self["rate_limits"], text != "on", text != "off" {
            settings.rateLimits = (try? RateLimitOverrides(text)) ?? RateLimitOverrides()
        }
        settings.asksAboutNewPlaces = self["new_places"].map { $0 == "mail" } ?? (mail != .log)
        settings.securityContact = self["security_contact"]
        settings.countsDownloads = self["download_counts"] != "off"
        settings.fundingManifest = self["funding_manifest_url"]
        settings.terms = self["terms_url"].map { IndexSettings.Terms(url: $0, revision: self["terms_revision"] ?? "1") }
        if let word = self["local_versions"] { settings.allowsLocalVersions = word == "allow" }
        if let word = self["linux_wheels"] { settings.allowsLinuxWheels = word == "allow" }
        for rule in UploadRule.allCases {
            if let level = self[rule.rawValue].flatMap(UploadRule.Level.init) { settings.uploadRules[rule] = level }
        }
        if let days = integer("upload_window_days") { settings.uploadWindowDays = days == 0 ? nil : days }
        if let megabytes = integer("file_size_limit") { settings.fileSizeLimit = Int64(megabytes) << 20 }
        if let gigabytes = integer("project_size_limit") { settings.projectSizeLimit = Int64(gigabytes) << 30 }
        return settings
    }

    var webSettings: WebSettings {
        let isHTTPS = publicURL?.hasPrefix("https://") == true
        var settings = WebSettings()
        settings.requiresHTTPS = self["require_https"].map { $0 == "true" } ?? isHTTPS
        settings.trustedProxies = integer("trusted_proxies") ?? (isHTTPS ? 1 : 0)
        settings.hosts = HostRule(publicURL: publicURL, others: hostNames)
        settings.metricsAccess = metricsAccess
        settings.redirectsDownloads = self["storage_downloads"] == "redirect"
        settings.assetsFolder = self["assets"]
        settings.departure = .seconds(integer("shutdown_delay") ?? 0)
        if let megabytes = integer("page_cache_size") { settings.pageCacheSize = megabytes << 20 }
        return settings
    }

    /// Names beside that of the public URL.
    private var hostNames: [String] { self["hosts"]?.split { $0 == "," || $0 == " " }.map(String.init) ?? [] }

    private func integer(_ key: String) -> Int? { self[key].flatMap { Int($0) } }
}
