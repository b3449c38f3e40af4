// A browser, as far as forms need one.

import Credentials
import Foundation
import Registry
import SQLDatabase
import Synchronization
import TestSupport
import Testing
import Web

/// Keeps cookies, and sends the forms of pages as they came.
final class Browser: Sendable {
    private struct State {
        var cookies: [String: String] = [:]
        var page = ""
        var formToken: String?
    }

    let client: WebClient
    private let state = Mutex(State())
    /// What a proxy says of where it is; the site has to believe one.
    private let address: String?
    private let agent: String?

    /// As `Accept-Language` says it.
    private let languages: String?

    init(_ client: WebClient, from address: String? = nil, agent: String? = nil, languages: String? = nil) {
        self.client = client
        self.address = address
        self.agent = agent
        self.languages = languages
    }

    /// What comes with every request.
    private var own: [String: String] {
        var headers = ["Cookie": cookies, "Accept": "text/html"]
        headers["X-Forwarded-For"] = address
        headers["User-Agent"] = agent
        headers["Accept-Language"] = languages
        return headers
    }

    var session: String? { state.withLock { $0.cookies["session_id"] } }
    /// What stood in the last page's forms.
    var formToken: String? { state.withLock { $0.formToken } }

    func setSession(_ text: String?) { state.withLock { $0.cookies["session_id"] = text } }

    private var cookies: String { state.withLock { $0.cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") } }

    @discardableResult
    func get(_ path: String, referer: String? = nil) async throws -> RawResponse {
        var headers = own
        headers["Referer"] = referer
        let head = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return remember(try await client.exchange(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(head)\r\n".utf8))[0])
    }

    /// Sends a form with the token of the page that was seen last.
    ///
    /// - Parameter headers: beside those that every browser sends; they win.
    @discardableResult
    func submit(_ path: String, _ fields: [String: String], headers: [String: String] = [:]) async throws -> RawResponse {
        var fields = fields
        if fields["csrf_token"] == nil { fields["csrf_token"] = formToken ?? "" }
        return try await post(path, Self.encode(fields), headers: headers)
    }

    func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> RawResponse {
        var all = own
        all.merge(["Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"]) { $1 }
        all.merge(headers) { $1 }
        let bytes = Array(body.utf8)
        var head = "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(bytes.count)\r\n"
        for (name, value) in all.sorted(by: { $0.key < $1.key }) where !value.isEmpty { head += "\(name): \(value)\r\n" }
        return remember(try await client.exchange(Array((head + "\r\n").utf8) + bytes)[0])
    }

    /// Shows the login page and fills it in.
    @discardableResult
    func logIn(_ username: String, _ password: String, next: String? = nil) async throws -> RawResponse {
        try await get("/account/login/")
        var fields = ["username": username, "password": password]
        fields["next"] = next
        return try await submit("/account/login/", fields)
    }

    private func remember(_ answer: RawResponse) -> RawResponse {
        state.withLock { state in
            for (name, value) in answer.headers where name.lowercased() == "set-cookie" {
                let pair = value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                guard let name = pair.first else { continue }
                state.cookies[String(name)] = pair.count == 2 && !value.contains("Max-Age=0;") ? String(pair[1]) : nil
            }
            guard answer["Content-Type"]?.hasPrefix("text/html") == true else { return }
            state.page = answer.text
            if let found = answer.text.range(of: #"name="csrf_token" value="[^"]*""#, options: .regularExpression) {
                state.formToken = String(answer.text[found].dropFirst(#"name="csrf_token" value=""#.count).dropLast())
            }
        }
        return answer
    }

    static func encode(_ fields: [String: String]) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" }
            .joined(separator: "&")
    }
}

extension Site {
    static let password = "correct horse battery"

    /// A site whose user alice has a password, and nobody is logged in.
    static func runForPeople(
        _ settings: IndexSettings = IndexSettings(),
        web: WebSettings = WebSettings(),
        outside: TestIndex.Outside = TestIndex.Outside(),
        _ body: (Site, Browser) async throws -> Void
    ) async throws {
        try await run(settings, web: web, outside: outside) { site in
            let hash = try await site.test.index.passwords.hash(password)
            try await site.sql("UPDATE users SET password_hash = \(hash) WHERE username = 'alice'")
            try await body(site, Browser(site.client))
        }
    }
}

/// A user with an app, and the codes that are left.
struct Enrolled {
    let totp: TOTP
    let codes: [String]
}

extension Browser {
    static func recoveryCodes(in page: String) -> [String] {
        page.matches(of: /[0-9a-f]{16}\n/).map { String($0.output.dropLast()) }
    }

    /// Adds an authenticator app for whoever is logged in.
    func enrol(at site: Site) async throws -> Enrolled {
        try await get("/manage/account/two-factor/")
        let codes = Self.recoveryCodes(in: try await submit("/manage/account/recovery-codes/generate", [:]).text)
        #expect(codes.count == 8)
        try await get("/manage/account/recovery-codes/burn")
        #expect(try await submit("/manage/account/recovery-codes/burn", ["recovery_code_value": codes[0]]).status == 303)
        let page = try await get("/manage/account/totp-provision").text
        let secret = try #require(page.firstMatch(of: /<code>([A-Z2-7 ]{39})<\/code>/)).output.1
        let totp = try TOTP(secretText: String(secret))
        #expect(page.contains("<svg class=\"qr\""))
        #expect(try await submit("/manage/account/totp-provision", ["totp_value": site.code(totp)]).status == 303)
        // The step that was shown is used up.
        site.test.clock.advance(by: .seconds(60))
        return Enrolled(totp: totp, codes: Array(codes.dropFirst()))
    }
}

extension Site {
    /// Another user with a password, logged in.
    func add(_ name: String) async throws -> Browser {
        try await test.user(name)
        let hash = try await test.index.passwords.hash(Self.password)
        try await sql("UPDATE users SET password_hash = \(hash) WHERE username = \(name)")
        let browser = Browser(client)
        try await browser.logIn(name, Self.password)
        return browser
    }

    /// A login in a browser of its own.
    func logIn(_ username: String, _ password: String, from address: String? = nil) async throws -> RawResponse {
        try await Browser(client, from: address).logIn(username, password)
    }

    /// What an app shows.
    func code(_ totp: TOTP, later steps: Int64 = 0) -> String {
        String(decoding: totp.code(atStep: TOTP.step(at: test.clock.clock.now()) + steps), as: UTF8.self)
    }
}
