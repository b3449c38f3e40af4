import Foundation
import Registry
import Testing
import Web

@testable import Server

/// What holds where several settings meet that are each safe alone.
@Suite struct DefaultsTests {
    // Finding 2: registration was open by default as soon as mails were sent, whatever reading needed.
    @Test(arguments: [nil, "authenticated", "anonymous"] as [String?], [nil, "directory:/tmp/outbox", "smtp://mail.example.org"] as [String?])
    func `registration is open by default only where mails are sent and reading needs no login`(access: String?, mail: String?) async throws {
        for rules in [nil, "pypi", "team"] as [String?] {
            for publicURL in [nil, "https://packages.example.org", "http://packages.example.org"] as [String?] {
                for proxies in [nil, "0", "1"] as [String?] {
                    for factor in [nil, "uploads", "required"] as [String?] {
                        var environment: [String: String] = [:]
                        environment["EMPORIUM_READ_ACCESS"] = access
                        environment["EMPORIUM_MAIL_URL"] = mail
                        environment["EMPORIUM_RULES"] = rules
                        environment["EMPORIUM_PUBLIC_URL"] = publicURL
                        environment["EMPORIUM_TRUSTED_PROXIES"] = proxies
                        environment["EMPORIUM_SECOND_FACTOR"] = factor
                        let settings = try await Settings.read(flags: [:], file: nil, environment: environment)
                        let index = settings.indexSettings(listeningURL: "http://127.0.0.1:8080")
                        let web = settings.webSettings
                        #expect(index.isRegistrationOpen == (mail != nil && access != "authenticated"), "\(environment)")
                        #expect((index.readAccess == .authenticated) == (access == "authenticated"))
                        #expect(web.requiresHTTPS == (publicURL?.hasPrefix("https:") == true))
                        #expect(web.hosts.isStrict == (publicURL != nil))
                        #expect(web.hosts.knows("packages.example.org") && (publicURL == nil || !web.hosts.knows("evil.example")))
                    }
                }
            }
        }
    }

    @Test func `an operator opens or closes registration whatever the default`() async throws {
        for (word, isOpen) in [("open", true), ("closed", false)] {
            let environment = [
                "EMPORIUM_READ_ACCESS": "authenticated", "EMPORIUM_REGISTRATION": word, "EMPORIUM_MAIL_URL": "smtp://mail.example.org",
            ]
            let settings = try await Settings.read(flags: [:], file: nil, environment: environment)
            #expect(settings.indexSettings(listeningURL: "http://127.0.0.1:8080").isRegistrationOpen == isOpen)
        }
    }

    // Finding 20: `check` printed what a URL held. Those left out are shown to everybody, or take no credentials.
    @Test func `no setting that may hold credentials is shown`() {
        for setting in SettingDefinition.all
        where setting.key.hasSuffix("_url")
            && !["public_url", "terms_url", "funding_manifest_url", "storage_url", "archive_url"].contains(setting.key)
        {
            #expect(setting.isSecret, "\(setting.key)")
        }
        for setting in SettingDefinition.all
        where ["secret", "key", "token", "password"].contains(where: { setting.key.hasSuffix("_\($0)") }) && !setting.key.hasSuffix("site_key") {
            #expect(setting.isSecret, "\(setting.key)")
        }
    }
}
