// Leaked passwords, bans, terms, captchas (platform §1.2, §1.4, §1.13, §1.16, index §10.3).

import Backends
import Credentials
import Crypto
import Foundation
import Registry
import SQLDatabase
import Synchronization
import TestSupport
import Testing
import Web

struct AccountRulesTests {
    private static var open: IndexSettings {
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        return settings
    }

    private static let person = [
        "username": "mona", "email": "mona@example.org", "password": "seven green bottles", "password_confirm": "seven green bottles",
    ]

    private func register(_ site: Site, _ changes: [String: String] = [:]) async throws -> RawResponse {
        let browser = Browser(site.client)
        try await browser.get("/account/register/")
        return try await browser.submit("/account/register/", Self.person.merging(changes) { $1 })
    }

    // MARK: Leaked passwords

    /// A list that knows one password, and notes what it is asked.
    private func list(of password: String, _ asked: AskedPaths) -> BreachList {
        let digits = Insecure.SHA1.hash(data: Data(password.utf8)).map { String(format: "%02X", $0) }.joined()
        return BreachList(
            address: "https://breaches.example/range",
            fetcher: Answering { request in
                asked.note(request.url)
                let lines = request.url.hasSuffix("/\(digits.prefix(5))") ? "\(digits.dropFirst(5)):3\r\n" : ""
                return HTTPFetchResponse(status: 200, body: Array((lines + String(repeating: "0", count: 35) + ":0\r\n").utf8))
            }
        )
    }

    @Test func `a password that was stolen elsewhere is taken away from its user at the login, and never accepted as a new one`() async throws {
        let asked = AskedPaths()
        try await Site.runForPeople(Self.open, outside: .init(breaches: list(of: Site.password, asked))) { site, browser in
            let other = Browser(site.client)
            // Somebody who guesses learns nothing, and the list is not asked.
            #expect(try await other.logIn("alice", "wrong, wrong").text.contains("wrong."))
            #expect(asked.all.isEmpty)
            let refused = try await browser.logIn("alice", Site.password)
            #expect(refused.status == 422 && refused.text.contains("public list of stolen passwords"))
            // Five digits of the hash go out, and nothing else.
            #expect(asked.all.allSatisfy { $0.wholeMatch(of: /https:\/\/breaches\.example\/range\/[0-9A-F]{5}/) != nil } && asked.all.count == 1)
            #expect(try await browser.logIn("alice", Site.password).text.contains("public list"))
            #expect(asked.all.count == 1)
            let mails = try await site.test.takeMails()
            #expect(mails.map(\.subject).filter { $0.hasSuffix("Your password is on a public list") }.count == 1)
            #expect(try await register(site, ["password": Site.password, "password_confirm": Site.password]).text.contains("public list"))
            #expect(try await register(site).status == 303)
            // By a mailed link another one is set, and with it she is in again.
            try await other.get("/account/request-password-reset/")
            _ = try await other.submit("/account/request-password-reset/", ["username_or_email": "alice"])
            let reset = try #require(try await site.test.takeMails().first { $0.subject.hasSuffix("Set a new password") })
            let path = String(try #require(reset.text.firstMatch(of: /https?:\/\/[^\/]+(\/account\/reset-password\/\S+)/)).output.1)
            try await other.get(path)
            let token = path.split(separator: "=", maxSplits: 1).last.flatMap { String($0).removingPercentEncoding } ?? ""
            func set(_ password: String) async throws -> RawResponse {
                try await other.submit("/account/reset-password/", ["token": token, "new_password": password, "password_confirm": password])
            }
            #expect(try await set(Site.password).text.contains("public list"))
            #expect(try await set("nine purple umbrellas").status == 303)
            #expect(try await other.logIn("alice", "nine purple umbrellas")["Location"] == "/manage/account/")
        }
    }

    @Test(arguments: [200, 500]) func `a list that does not answer keeps nobody out`(status: Int) async throws {
        let fetcher = Answering { _ in
            if status == 500 { return HTTPFetchResponse(status: 500, body: []) }
            return HTTPFetchResponse(status: 200, body: Array("<html>maintenance</html>".utf8))
        }
        try await Site.runForPeople(outside: .init(breaches: BreachList(address: "https://breaches.example/", fetcher: fetcher))) { _, browser in
            let answer = try await browser.logIn("alice", Site.password)
            #expect(answer.status == 303)
        }
    }

    // MARK: Bans

    // TOB-PYPI26-6: a banned address went on with tokens. platform §13 item 2: whoever is banned could use up everybody's attempts.
    @Test func `from an address that is banned nobody logs in, and neither session nor token opens anything`() async throws {
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.runForPeople(web: web) { site, _ in
            let (bad, good) = ("192.0.2.66", "192.0.2.1")
            let browser = Browser(site.client, from: bad)
            try await browser.logIn("alice", Site.password)
            #expect(try await browser.get("/manage/account/").status == 200)
            try await site.test.index.banAddress(bad, reason: "guesses")
            #expect(try await browser.get("/manage/account/").status == 303)
            func upload(_ version: String, from address: String) async throws -> Int {
                let headers = ["X-Forwarded-For": address]
                return try await site.client.upload(.wheel("demo", version), authorization: site.bearer, headers: headers).status
            }
            #expect(try await upload("1.0", from: bad) == 403)
            #expect(try await upload("1.0", from: good) == 200)
            for _ in 0..<20 {
                let refused = try await site.logIn("alice", Site.password, from: bad)
                #expect(refused.status == 422 && refused.text.contains("The user name or the password is wrong"))
            }
            #expect(try await site.logIn("alice", Site.password, from: good).status == 303)
            try await site.test.index.unbanAddress(bad)
            #expect(try await browser.get("/manage/account/").status == 200)
            // A network of IPv6 is one place; a ban ends when it says so.
            #expect(try await site.test.index.banAddress("2001:db8::1", reason: "guesses", days: 1) == "2001:db8::/64")
            #expect(try await site.logIn("alice", Site.password, from: "2001:db8::2").status == 422)
            site.test.clock.advance(by: .seconds(86401))
            #expect(try await site.logIn("alice", Site.password, from: "2001:db8::2").status == 303)
        }
    }

    @Test func `a mail domain that is prohibited makes no accounts, nor does one below it`() async throws {
        var settings = Self.open
        // Attempts count, whatever comes of them.
        settings.limitsRates = false
        try await Site.runForPeople(settings) { site, browser in
            try await site.test.index.prohibitEmailDomain("Throwaway.example", reason: "spam")
            for address in ["m@throwaway.example", "m@THROWAWAY.example", "m@a.b.throwaway.example"] {
                let refused = try await register(site, ["email": address])
                #expect(refused.status == 422 && refused.text.contains("no addresses of that mail domain"), "\(address)")
            }
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/")
            #expect(try await browser.submit("/manage/account/email/add/", ["email": "a@throwaway.example"]).status == 422)
            #expect(try await register(site, ["email": "m@notthrowaway.example"]).status == 303)
            try await site.test.index.allowEmailDomain("throwaway.example")
            #expect(try await register(site, ["username": "nora", "email": "m@throwaway.example"]).status == 303)
        }
    }

    // MARK: Terms

    @Test func `whoever has an account is told once of other terms, on the page and by mail`() async throws {
        var settings = Self.open
        settings.terms = IndexSettings.Terms(url: "https://terms.example/2", revision: "2")
        try await Site.runForPeople(settings) { site, browser in
            #expect(try await browser.get("/account/register/").text.contains("agrees to"))
            #expect(try await register(site).status == 303)
            try await browser.logIn("alice", Site.password)
            let page = try await browser.get("/manage/account/").text
            #expect(page.contains("terms of service have changed") && page.contains("/account/view-terms-of-service/"))
            let other = Browser(site.client)
            try await other.logIn("alice", Site.password)
            #expect(try await !other.get("/manage/account/").text.contains("terms of service have changed"))
            let shown = try await other.get("/account/view-terms-of-service/")
            #expect(shown.status == 303 && shown["Location"] == "https://terms.example/2")
            _ = try await site.test.takeMails()
            for _ in 0..<2 { try await AnnounceTerms().run(in: site.test.index) }
            // Mona agreed when she registered, and her address is not known to be hers.
            let mails = try await site.test.takeMails()
            #expect(mails.map(\.recipient.address) == ["alice@example.org"] && mails[0].subject.hasSuffix("The terms of service have changed"))
        }
    }

    // MARK: Captcha

    @Test func `where a captcha is asked for, only its answer makes an account, and only that page lets it in`() async throws {
        let asked = AskedPaths()
        let captcha = Captcha(
            .hcaptcha,
            siteKey: "site-key",
            secret: "its secret",
            fetcher: Answering { request in
                asked.note(String(decoding: request.body, as: UTF8.self))
                let isRight = String(decoding: request.body, as: UTF8.self).contains("response=right")
                return HTTPFetchResponse(status: 200, body: Array("{\"success\": \(isRight), \"hostname\": \"x\"}".utf8))
            }
        )
        try await Site.runForPeople(Self.open, outside: .init(captcha: captcha)) { site, browser in
            let page = try await browser.get("/account/register/")
            #expect(page.text.contains("data-sitekey=\"site-key\"") && !page.text.contains("its secret"))
            #expect(page["Content-Security-Policy"]?.contains("frame-src https://hcaptcha.com") == true)
            #expect(try await browser.get("/account/login/")["Content-Security-Policy"]?.contains("hcaptcha") == false)
            #expect(try await register(site).text.contains("you are no program"))
            #expect(asked.all.isEmpty)
            #expect(try await register(site, ["h-captcha-response": "wrong & more"]).status == 422)
            #expect(asked.all == ["secret=its%20secret&response=wrong%20%26%20more&remoteip=127.0.0.1"])
            #expect(try await register(site, ["h-captcha-response": "right"]).status == 303)
        }
    }
}

/// What a double was asked.
private final class AskedPaths: Sendable {
    private let paths = Mutex<[String]>([])
    var all: [String] { paths.withLock { $0 } }
    func note(_ path: String) { paths.withLock { $0.append(path) } }
}

/// A service that answers as it is told to.
private struct Answering: HTTPFetching {
    let answer: @Sendable (HTTPFetchRequest) -> HTTPFetchResponse

    init(_ answer: @escaping @Sendable (HTTPFetchRequest) -> HTTPFetchResponse) { self.answer = answer }

    func fetch(_ request: HTTPFetchRequest) async throws(HTTPFetchError) -> HTTPFetchResponse { answer(request) }
}
