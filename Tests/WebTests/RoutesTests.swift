// The route table: what stands in it, and the rules that hold for every row (index §0.2, §2.1).

import Backends
import HTTPTypes
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct RoutesTests {
    /// Every route with who may use it: a new one has to be written here, and so thought about.
    static let expectedAccess: [String: Route.Access] = [
        "GET HEAD OPTIONS /": .anyone,
        "GET HEAD OPTIONS /help/": .anyone,
        "GET HEAD /locale/": .anyone,
        "GET HEAD OPTIONS /stats/": .reader, "GET HEAD OPTIONS /search/": .reader, "GET HEAD OPTIONS /search/suggestions/": .reader,
        "GET HEAD OPTIONS /project/{name}/dependents/": .reader, "GET HEAD OPTIONS /project/{name}/downloads/": .reader,
        "GET HEAD OPTIONS /project/{name}/downloads.json": .reader, "GET HEAD OPTIONS /project/{name}/downloads.svg": .reader,
        // They say nothing of what is in the index.
        "GET HEAD OPTIONS /classifiers/": .anyone, "GET HEAD OPTIONS /security/": .anyone, "GET HEAD OPTIONS /_force-status/{status}/": .anyone,
        "GET HEAD OPTIONS /.well-known/funding-manifest-urls": .anyone,
        "GET HEAD /static/{path...}": .anyone,
        "GET HEAD /account/login/": .anyone,
        "POST /account/login/": .anyone,
        // The session says who has given their password.
        "GET HEAD /account/two-factor/": .anyone,
        "POST /account/two-factor/": .anyone,
        "GET HEAD /account/webauthn-authenticate/options": .anyone,
        "POST /account/webauthn-authenticate/validate": .anyone,
        "GET HEAD /account/passkey/options": .anyone,
        "POST /account/passkey/validate": .anyone,
        "GET HEAD /account/recovery-code/": .anyone,
        "POST /account/recovery-code/": .anyone,
        "GET HEAD /account/logout/": .anyone,
        "POST /account/logout/": .anyone,
        "GET HEAD /account/reauthenticate/": .user(confirmed: false, unverified: true),
        "POST /account/reauthenticate/": .user(confirmed: false, unverified: true),
        "GET HEAD /account/register/": .anyone,
        "POST /account/register/": .anyone,
        "GET HEAD /account/verify-email/": .user(confirmed: false, unverified: true),
        "GET HEAD /account/request-password-reset/": .anyone,
        "POST /account/request-password-reset/": .anyone,
        // Only with the link that was in the mail.
        "GET HEAD /account/reset-password/": .anyone,
        "POST /account/reset-password/": .anyone,
        "GET HEAD /manage/unverified-account/": .user(confirmed: false, unverified: true),
        "POST /manage/account/email/add/": .user(confirmed: true, unverified: true),
        "POST /manage/account/email/delete/": .user(confirmed: true, unverified: true),
        "POST /manage/account/email/primary/": .user(confirmed: true, unverified: true),
        "POST /manage/account/email/verify/": .user(confirmed: false, unverified: true),
        // Only with the link that the program printed.
        "GET HEAD /account/set-up/": .anyone,
        "POST /account/set-up/": .anyone,
        "GET HEAD /manage/account/": .user(confirmed: false, unverified: true),
        "POST /manage/account/name/": .user(confirmed: true, unverified: true),
        // Takes the password itself.
        "POST /manage/account/password/": .user(confirmed: false, unverified: true),
        "GET HEAD /manage/account/two-factor/": .user(confirmed: true, withoutFactor: true),
        "POST /manage/account/recovery-codes/generate": .user(confirmed: true, withoutFactor: true),
        "GET HEAD /manage/account/recovery-codes/burn": .user(confirmed: true, withoutFactor: true),
        "POST /manage/account/recovery-codes/burn": .user(confirmed: true, withoutFactor: true),
        "GET HEAD /manage/account/totp-provision": .user(confirmed: true, withoutFactor: true),
        "POST /manage/account/totp-provision": .user(confirmed: true, withoutFactor: true),
        "POST /manage/account/totp-provision/delete": .user(confirmed: true, withoutFactor: true),
        "GET HEAD /manage/account/webauthn-provision": .user(confirmed: true, withoutFactor: true),
        "GET HEAD /manage/account/webauthn-provision/options": .user(confirmed: true, withoutFactor: true),
        "POST /manage/account/webauthn-provision/validate": .user(confirmed: true, withoutFactor: true),
        "POST /manage/account/webauthn-provision/delete": .user(confirmed: true, withoutFactor: true),
        "GET HEAD /manage/account/token/": .user(confirmed: true),
        "POST /manage/account/token/": .user(confirmed: true),
        "POST /manage/account/token/delete/": .user(confirmed: true),
        "GET HEAD /manage/account/history/": .user(confirmed: false, unverified: true),
        "POST /manage/account/email/public/": .user(confirmed: true, unverified: true),
        "POST /manage/unverified-account/": .user(confirmed: true, unverified: true),
        "GET HEAD /manage/account/delete/": .user(confirmed: true, unverified: true),
        "POST /manage/account/delete/": .user(confirmed: true, unverified: true),
        // Without the link of the mail it says what to do; with it, only where the login was.
        "GET HEAD /account/confirm-login/": .anyone,
        "POST /account/confirm-login/": .anyone,
        "GET HEAD /account/view-terms-of-service/": .anyone,
        // The handler tells from where it is asked, and whether mails go into a folder.
        "GET HEAD /outbox/": .anyone,
        "GET HEAD /outbox/{name}": .anyone,
        "GET HEAD OPTIONS /user/{username}/": .reader,
        "GET HEAD OPTIONS /u/{username}/": .reader,
        "GET HEAD OPTIONS /pypi/{name}/json": .reader, "GET HEAD OPTIONS /pypi/{name}/json/": .reader,
        "GET HEAD OPTIONS /pypi/{name}/{version}/json": .reader, "GET HEAD OPTIONS /pypi/{name}/{version}/json/": .reader,
        "GET HEAD OPTIONS /rss/updates.xml": .reader, "GET HEAD OPTIONS /rss/packages.xml": .reader,
        "GET HEAD OPTIONS /rss/project/{name}/releases.xml": .reader,
        "GET HEAD OPTIONS /sitemap.xml": .reader, "GET HEAD OPTIONS /sitemap/{part}": .reader,
        // They say nothing of what is in the index.
        "GET HEAD OPTIONS /robots.txt": .anyone, "GET HEAD OPTIONS /.well-known/security.txt": .anyone, "GET HEAD OPTIONS /opensearch.xml": .anyone,
        "GET HEAD OPTIONS /pypi": .anyone, "GET HEAD OPTIONS /pypi/": .anyone, "GET HEAD OPTIONS /pypi/{name}/": .anyone,
        "GET HEAD OPTIONS /pypi/{name}/{version}/": .anyone, "GET HEAD OPTIONS /p/{name}/": .anyone, "GET HEAD OPTIONS /p/{name}/{version}/": .anyone,
        "GET HEAD OPTIONS /2fa/": .anyone,
        "GET HEAD OPTIONS /project/{name}/": .reader, "GET HEAD OPTIONS /project/{name}/versions/": .reader,
        "GET HEAD OPTIONS /project/{name}/files/": .reader, "GET HEAD OPTIONS /project/{name}/dependencies/": .reader,
        "GET HEAD OPTIONS /project/{name}/{version}/": .reader, "GET HEAD OPTIONS /project/{name}/{version}/files/": .reader,
        "GET HEAD OPTIONS /project/{name}/{version}/dependencies/": .reader,
        "GET HEAD OPTIONS /project/{name}/{version}/contents/{filename}/": .reader,
        "GET HEAD OPTIONS /project/{name}/{version}/contents/{filename}/{member...}": .reader,
        "GET HEAD OPTIONS /project/{name}/compare/": .reader, "GET HEAD OPTIONS /project/{name}/compare/{from}/{to}/": .reader,
        "GET HEAD OPTIONS /project/{name}/compare/{from}/{to}/{member...}": .reader,
        "GET HEAD OPTIONS /project/{name}/index.md": .reader, "GET HEAD OPTIONS /project/{name}/{version}/index.md": .reader,
        "GET HEAD OPTIONS /llms.txt": .reader, "GET HEAD OPTIONS /api/v1/openapi.json": .reader, "GET HEAD OPTIONS /api/v1/search": .reader,
        "GET HEAD OPTIONS /api/v1/projects/{name}": .reader, "GET HEAD OPTIONS /api/v1/projects/{name}/releases/{version}": .reader,
        "GET HEAD OPTIONS /api/v1/projects/{name}/dependents": .reader, "GET HEAD OPTIONS /api/v1/projects/{name}/downloads": .reader,
        "GET HEAD OPTIONS /simple/": .reader,
        "GET HEAD OPTIONS /simple/{name}/": .reader,
        "GET HEAD /packages/{path...}": .reader,
        "POST /legacy/": .token,
        "POST /legacy": .anyone,
        "POST /pypi": .reader, "POST /pypi/": .reader, "POST /RPC2": .reader,
        "GET /integrity/{name}/{version}/{filename}/provenance": .reader,
        "GET HEAD /_health/": .anyone,
        "GET HEAD /_ready/": .anyone,
        // The handler tells from where it is asked, and by whom (`metrics_access`).
        "GET HEAD /metrics": .anyone,
    ]

    /// Routes for unsafe methods that take no action: they redirect or refuse, whoever asks.
    static let withoutAction: Set<String> = ["/legacy", "/pypi", "/pypi/"]

    /// Routes for unsafe methods that only read: what is called there changes nothing.
    static let calls: Set<String> = ["/pypi", "/pypi/", "/RPC2"]

    private static func key(_ route: Route) -> String { "\(route.methods.map(\.rawValue).joined(separator: " ")) \(route.pattern)" }

    // index §11
    @Test func `the access of every route is the expected one`() {
        let found = Dictionary(Routes.all.map { (Self.key($0), $0.access) }) { first, _ in first }
        #expect(found == Self.expectedAccess)
    }

    @Test func `no pattern stands in the table twice`() {
        let pairs = Routes.all.flatMap { route in route.methods.map { "\($0.rawValue) \(route.pattern)" } }
        #expect(Set(pairs).count == pairs.count)
        for route in Routes.all {
            #expect(!route.methods.isEmpty)
            #expect(route.pattern.hasPrefix("/") && !route.pattern.hasPrefix("/{"))
        }
    }

    // index §0.2 step 4
    @Test func `whatever changes something carries its own credentials`() async throws {
        let reading: Set<HTTPRequest.Method> = [.get, .head, .options]
        for route in Routes.all {
            let isReading = route.methods.allSatisfy(reading.contains)
            if isReading {
                #expect(route.csrf == .safe, "\(route.pattern)")
            } else if Self.calls.contains(route.pattern) {
                #expect(route.access == .reader && route.cache == .never && route.csrf == .safe, "\(route.pattern)")
            } else if Self.withoutAction.contains(route.pattern) {
                #expect(route.cache == .never)
            } else if route.csrf == .form {
                #expect(route.session == .looked && route.cache == .never, "\(route.pattern)")
            } else {
                #expect(route.csrf == .ownCredentials, "\(route.pattern)")
                #expect(route.access == .token, "\(route.pattern)")
                #expect(route.cache == .never, "\(route.pattern)")
            }
            // What knows people keeps nothing of what they saw.
            if case .user = route.access { #expect(route.session == .looked && route.cache == .never, "\(route.pattern)") }
            if route.csrf == .form { #expect(route.session == .looked && route.methods == [.post], "\(route.pattern)") }
        }
        // Those without action, with a good token: nothing happens.
        try await Site.run { site in
            for pattern in Self.withoutAction {
                let answer = try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, target: "\(pattern)?:action=file_upload")
                #expect([308, 410].contains(answer.status), "\(pattern)")
            }
            try await site.checkUntouched()
        }
    }

    // index §0.2 step 6
    @Test func `every answer of every route has a content security policy and is not sniffed`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            let file = try await site.link("demo")
            for route in Routes.all {
                let path = route.pattern.replacing("/packages/{path...}", with: file).replacing("{name}", with: "demo")
                for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE"] {
                    let answer = try await site.client.send(method, path, headers: ["Accept": "text/html"], body: method == "POST" ? [] : nil)
                    let policy = try #require(answer["Content-Security-Policy"], "\(method) \(path)")
                    #expect(policy.hasPrefix("default-src 'none'"), "\(method) \(path)")
                    #expect(!policy.contains("unsafe"))
                    #expect(answer["X-Content-Type-Options"] == "nosniff")
                    #expect(answer["Referrer-Policy"] == "origin-when-cross-origin")
                    if answer["Content-Type"]?.hasPrefix("text/html") == true, method != "HEAD", answer.status == 200 {
                        // No script and no style but from files of the site's own.
                        let scripts = answer.text.lowercased().split(separator: "<script", omittingEmptySubsequences: false).dropFirst()
                        #expect(scripts.allSatisfy { $0.hasPrefix(" type=\"module\" src=\"/static/") && $0.contains("></script>") }, "\(path)")
                        #expect(!answer.text.contains("<style") && !answer.text.contains(" style="), "\(path)")
                    }
                }
            }
        }
    }

    // Every refusal that links to the help must find its entry there.
    @Test func `the help has an entry for every anchor`() async throws {
        try await Site.run { site in
            let help = try await site.client.get("/help/").text
            for anchor in HelpAnchor.allCases { #expect(help.contains("id=\"\(anchor.rawValue)\""), "\(anchor.rawValue)") }
        }
    }

    // A row without this is a row nobody decided about.
    @Test func `routes that read are cached as their kind says`() async throws {
        for route in Routes.all where route.methods.contains(.get) {
            switch route.pattern {
            case "/simple/": #expect(route.cache == .tagged(.allProjects, byFormat: true))
            case "/simple/{name}/": #expect(route.cache == .tagged(.project, byFormat: true))
            case "/packages/{path...}": #expect(route.cache == .immutable)
            case "/_health/", "/_ready/", "/metrics": #expect(route.cache == .never)
            case "/static/{path...}": #expect(route.cache == .builtIn)
            case "/pypi/{name}/json", "/pypi/{name}/json/", "/pypi/{name}/{version}/json", "/pypi/{name}/{version}/json/",
                "/rss/project/{name}/releases.xml":
                #expect(route.cache == .tagged(.project, byFormat: false))
            case "/project/{name}/index.md", "/project/{name}/{version}/index.md", "/api/v1/projects/{name}",
                "/api/v1/projects/{name}/releases/{version}":
                #expect(route.cache == .tagged(.project, byFormat: false) && route.session == .none)
            case "/llms.txt", "/api/v1/openapi.json": #expect(route.cache == .revalidated && route.session == .none)
            case "/api/v1/search", "/api/v1/projects/{name}/dependents", "/api/v1/projects/{name}/downloads":
                #expect(route.cache == .never && route.session == .none)
            case "/rss/updates.xml", "/rss/packages.xml": #expect(route.cache == .tagged(.allProjects, byFormat: false))
            case "/sitemap.xml", "/sitemap/{part}", "/robots.txt", "/.well-known/security.txt", "/opensearch.xml", "/pypi", "/pypi/", "/pypi/{name}/",
                "/pypi/{name}/{version}/", "/p/{name}/", "/p/{name}/{version}/", "/2fa/":
                #expect(route.cache == .never && route.session == .none)
            // They say something of other projects, too.
            case let pattern
            where pattern.hasSuffix("/dependencies/") || pattern.hasSuffix("/dependents/") || pattern.hasSuffix("/downloads/")
                // One for each file within each file: they would push out what is asked for more.
                || pattern.hasSuffix("{member...}"):
                #expect(route.cache == .revalidated)
            case "/project/{name}/downloads.json", "/project/{name}/downloads.svg": #expect(route.cache == .never && route.session == .none)
            case let pattern where pattern.hasPrefix("/project/"): #expect(route.cache == .shared(.projectPage))
            case "/", "/help/", "/user/{username}/", "/stats/", "/classifiers/", "/security/", "/search/": #expect(route.cache == .revalidated)
            case "/u/{username}/", "/_force-status/{status}/", "/search/suggestions/", "/.well-known/funding-manifest-urls":
                #expect(route.cache == .never && route.session == .none)
            case "/integrity/{name}/{version}/{filename}/provenance": #expect(route.cache == .never && route.session == .none)
            default: #expect(route.cache == .never && route.session == .looked, "\(route.pattern)")
            }
        }
    }
}
