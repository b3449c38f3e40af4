// A browser, as far as forms need one.

import Credentials
import Foundation
import Registry
import SQLDatabase
import Synchronization
import TestSupport
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

    /// As `Accept-Language` says it; empty: nothing.
    private let languages: String

    init(_ client: WebClient, languages: String = "") { (self.client, self.languages) = (client, languages) }

    var session: String? { state.withLock { $0.cookies["session_id"] } }
    /// What stood in the last page's forms.
    var formToken: String? { state.withLock { $0.formToken } }

    func setSession(_ text: String?) { state.withLock { $0.cookies["session_id"] = text } }

    private var cookies: String { state.withLock { $0.cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") } }

    @discardableResult
    func get(_ path: String, referer: String = "") async throws -> RawResponse {
        remember(
            try await client.get(path, ["Cookie": cookies, "Accept": "text/html", "Accept-Language": languages, "Referer": referer])
        )
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
        var all = [
            "Cookie": cookies, "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin",
            "Accept-Language": languages,
        ]
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
                if pair.count == 2 { state.cookies[String(pair[0])] = String(pair[1]) }
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
        _ body: (Site, Browser) async throws -> Void
    ) async throws {
        try await run(settings, web: web) { site in
            let hash = try await site.test.index.passwords.hash(password)
            try await site.sql("UPDATE users SET password_hash = \(hash) WHERE username = 'alice'")
            try await body(site, Browser(site.client))
        }
    }
}
