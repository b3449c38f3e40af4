// The site in the reader's language (platform §8.7).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct LanguageTests {
    @Test func `a German reads German, is refused in German, and logs in`() async throws {
        try await Site.runForPeople { site, _ in
            let browser = Browser(site.client, languages: "de-AT, de;q=0.9, en;q=0.5")
            let page = try await browser.get("/account/login/")
            #expect(
                page.text.contains("<html lang=\"de\">") && page.text.contains("<h1>Anmelden</h1>")
                    && page.text.contains("<title>Anmelden · Emporium</title>")
            )
            #expect(page.text.contains(">Benutzername</label>") && page.text.contains(">Passwort vergessen?</a>"))
            let wrong = try await browser.logIn("alice", "wrong, wrong")
            #expect(wrong.status == 422 && wrong.text.contains("Der Benutzername oder das Passwort ist falsch."))
            #expect(try await browser.logIn("alice", Site.password).status == 303)
            // A notice is in the language of the request that made it.
            try await browser.get("/account/logout/")
            try await browser.submit("/account/logout/", [:])
            #expect(try await browser.get("/").text.contains("Sie sind abgemeldet."))
            let lost = try await browser.get("/nothing")
            #expect(lost.status == 404 && lost.text.contains("<h1>Nicht gefunden</h1>"))
        }
    }

    @Test func `programs are told in English, whatever they say they like`() async throws {
        try await Site.run { site in
            let bytes = Array("a=b".utf8)
            for (accept, words) in [
                ("application/json", "This page does not take this method."), ("text/html", "Diese Seite nimmt diese Methode nicht an."),
            ] {
                let answer = try await site.client.send("POST", "/help/", headers: ["Accept": accept, "Accept-Language": "de"], body: bytes)
                #expect(answer.status == 405 && answer.text.contains(words))
                #expect((answer["Vary"]?.contains("Accept-Language") ?? false) == (accept == "text/html"))
            }
            let head = "POST /legacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: de\r\nCookie: _LOCALE_=de\r\nContent-Type: text/plain\r\n"
            let upload = try await site.client.exchange(Array("\(head)Authorization: \(site.bearer)\r\nContent-Length: 3\r\n\r\nabc".utf8))[0]
            #expect(upload.reason == "The upload is not a form: send multipart/form-data." && upload.text.contains(upload.reason))
            // What a script of a page shows to a person is not such.
            let script = try await site.client.get("/account/webauthn-authenticate/options", ["Accept-Language": "de"])
            #expect(script["Content-Type"] == "application/json" && script.text.contains("Diese Anmeldung ist abgelaufen."))
        }
    }

    @Test(arguments: [
        ("/help/", "", "", "en"), ("/help/", "de", "", "de"), ("/help/", "de", "_LOCALE_=en", "en"), ("/help/", "en", "_LOCALE_=de", "de"),
        ("/help/?_LOCALE_=de", "en", "_LOCALE_=en", "de"), ("/help/?a=b&_LOCALE_=en", "de", "_LOCALE_=de", "en"),
        ("/help/?_LOCALE_=xx", "de", "_LOCALE_=yy", "de"), ("/help/?_LOCALE_=", "", "_LOCALE_=", "en"),
        ("/help/?_LOCALE_=%2e%2e", "de;q=0", "_LOCALE_=\"de\"", "en"),
    ])
    func `the address comes first, then the choice, then the browser`(path: String, header: String, cookie: String, locale: String) async throws {
        try await Site.run { site in
            let answer = try await site.client.get(path, ["Accept-Language": header, "Cookie": cookie])
            #expect(answer.text.contains("<html lang=\"\(locale)\">"))
            #expect(
                answer["Vary"] == "Accept-Language, Cookie, Accept-Encoding" || answer["Vary"] == "Accept-Language, Cookie",
                "\(answer["Vary"] ?? "")"
            )
        }
    }

    @Test func `a language is chosen in the footer, and stays`() async throws {
        try await Site.runForPeople { site, _ in
            let browser = Browser(site.client, languages: "en")
            let home = try await browser.get("/help/?x=1")
            #expect(home.text.contains("<a href=\"/locale/?locale_id=de\" lang=\"de\" hreflang=\"de\" rel=\"nofollow\">Deutsch</a>"))
            #expect(home.text.contains("hreflang=\"en\" rel=\"nofollow\" aria-current=\"true\">English</a>"))
            let answer = try await browser.get("/locale/?locale_id=de", referer: "http://127.0.0.1/help/?x=1")
            #expect(answer.status == 303 && answer["Location"] == "/help/?x=1" && answer["Cache-Control"]?.contains("no-store") == true)
            #expect(answer.headers.contains { $0.value == "_LOCALE_=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" })
            let next = try await browser.get("/help/")
            #expect(next.text.contains("<h1>Hilfe</h1>") && !next.text.contains("Die Sprache ist jetzt"))
            #expect(try await browser.get("/account/login/").text.contains("<h1>Anmelden</h1>"))
            // And back.
            try await browser.get("/locale/?locale_id=en")
            #expect(try await browser.get("/help/").text.contains("<h1>Help</h1>"))
            // Who is logged in has a session that can hold a word about it.
            let owner = try await site.add("bob")
            try await owner.get("/locale/?locale_id=de", referer: "http://127.0.0.1/help/")
            #expect(try await owner.get("/help/").text.contains("Die Sprache ist jetzt Deutsch."))
        }
    }

    @Test func `an unknown language changes nothing, and two are no choice`() async throws {
        try await Site.run { site in
            for query in ["locale_id=xx", "locale_id=", "locale_id=DE", "locale_id=de%00", "locale_id=pt_BR"] {
                let answer = try await site.client.get("/locale/?\(query)", ["Referer": "http://127.0.0.1/help/"])
                #expect(answer.status == 303 && answer["Location"] == "/help/" && answer["Set-Cookie"] == nil, "\(query)")
            }
            for query in ["", "locale_id=de&locale_id=en", "locale_id=de&locale_id=de", "locale=de"] {
                let answer = try await site.client.get("/locale/?\(query)")
                #expect(answer.status == 400 && answer["Set-Cookie"] == nil, "\(query)")
            }
        }
    }

    @Test func `the cookie stays off plain HTTP where the site speaks HTTPS`() async throws {
        var web = WebSettings()
        web.trustedProxies = 1
        try await Site.run(web: web) { site in
            let answer = try await site.client.get("/locale/?locale_id=de", ["X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"])
            #expect(answer.headers.contains { $0.value.hasPrefix("_LOCALE_=de;") && $0.value.hasSuffix("; SameSite=Lax; Secure") })
        }
    }

    // platform §1.18
    @Test(arguments: [
        ("http://127.0.0.1/help/", "/help/"), ("https://127.0.0.1/help/?a=b&c=d", "/help/?a=b&c=d"), ("http://127.0.0.1/", "/"),
        ("http://evil.example/help/", "/"), ("http://127.0.0.1.evil.example/help/", "/"), ("http://127.0.0.1:1/help/", "/"),
        ("http://127.0.0.1@evil.example/", "/"), ("http://127.0.0.1//evil.example/", "/"), ("http://127.0.0.1/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"), ("/help/", "/"), ("http://127.0.0.1", "/"), ("", "/"),
        // A page that is the answer to a form has an address that only forms have.
        ("http://127.0.0.1/manage/account/email/add/", "/manage/account/"), ("http://127.0.0.1/nothing/here", "/"),
        // Where the choice would not be seen.
        ("http://127.0.0.1/help/?_LOCALE_=en", "/help/"), ("http://127.0.0.1/help/?a=b&_LOCALE_=en&c=d", "/help/?a=b&c=d"),
        ("http://127.0.0.1/locale/?locale_id=en", "/"),
    ])
    func `the way back stays on the site`(referer: String, location: String) async throws {
        try await Site.run { site in
            let answer = try await site.client.get("/locale/?locale_id=de", ["Referer": referer])
            #expect(answer.status == 303 && answer["Location"] == location, "\(answer["Location"] ?? "")")
        }
    }

    // A shared cache must not give one reader's language to another.
    @Test(arguments: ["/", "/help/"])
    func `a page has an ETag for each language`(path: String) async throws {
        try await Site.run { site in
            let english = try await site.client.get(path)
            let german = try await site.client.get(path, ["Accept-Language": "de"])
            for answer in [english, german] {
                #expect(answer["Cache-Control"] == "no-cache, public" && answer["Set-Cookie"] == nil)
                #expect(answer["Vary"]?.contains("Accept-Language") == true && answer["Vary"]?.contains("Cookie") == true)
            }
            let tag = try #require(german["ETag"])
            #expect(tag != english["ETag"])
            #expect(try await site.client.get(path, ["If-None-Match": tag]).status == 200)
            let known = try await site.client.get(path, ["If-None-Match": tag, "Cookie": "_LOCALE_=de"])
            #expect(known.status == 304 && known["Vary"]?.contains("Accept-Language") == true)
        }
    }

    /// Words that German does not have, in what a page shows to people.
    private func english(_ page: String) -> [Substring] {
        var text = page.replacing(/<title>.*?<\/title>/) { "\($0.output) " }
        for tag in ["code", "pre", "script"] {
            while let start = text.range(of: "<\(tag)[ >]", options: .regularExpression),
                let end = text.range(of: "</\(tag)>", range: start.upperBound..<text.endIndex)
            {
                text.replaceSubrange(start.lowerBound..<end.upperBound, with: " ")
            }
        }
        let attributes = text.matches(of: /(?:aria-label|data-done|data-refused)="([^"]*)"/).map { String($0.output.1) }
        let shown = text.replacing(/<[^>]*>/, with: " ") + " " + attributes.joined(separator: " ")
        let words: Set<Substring> = [
            "the", "your", "you", "and", "with", "this", "that", "is", "are", "of", "for", "to", "not", "from", "again", "log", "name", "help", "all",
        ]
        return shown.lowercased().split { !$0.isLetter }.map { Substring($0) }.filter { words.contains($0) && $0 != "name" }
    }

    @Test func `no page says anything in English to a German`() async throws {
        try await Site.runForPeople { site, _ in
            let browser = Browser(site.client, languages: "de")
            for path in [
                "/", "/help/", "/account/login/", "/account/request-password-reset/", "/account/set-up/", "/account/two-factor/",
                "/account/register/",
                "/account/confirm-login/", "/account/view-terms-of-service/", "/user/alice/",
            ] {
                let words = english(try await browser.get(path).text)
                #expect(words.isEmpty, "\(path): \(words)")
            }
            let sent = try await browser.submit("/account/login/", ["username": "alice", "password": "", "csrf_token": "wrong"])
            #expect(sent.status == 403 && english(sent.text).isEmpty, "\(english(sent.text))")
            try await browser.logIn("alice", Site.password)
            for path in [
                "/", "/account/logout/", "/manage/account/", "/manage/account/token/", "/manage/account/delete/", "/manage/account/two-factor/",
                "/manage/account/recovery-codes/burn", "/manage/account/webauthn-provision",
            ] {
                let words = english(try await browser.get(path).text)
                #expect(words.isEmpty, "\(path): \(words)")
            }
            try await browser.get("/manage/account/two-factor/")
            let made = try await browser.submit("/manage/account/recovery-codes/generate", [:])
            let code = try #require(made.text.firstMatch(of: /([0-9a-f]{16})\n/)).output.1
            #expect(english(made.text).isEmpty, "\(english(made.text))")
            for (field, status) in [("0000000000000000", 422), (String(code), 303)] {
                try await browser.get("/manage/account/recovery-codes/burn")
                let burned = try await browser.submit("/manage/account/recovery-codes/burn", ["recovery_code_value": field])
                #expect(burned.status == status && english(burned.text).isEmpty, "\(english(burned.text))")
            }
            for path in ["/manage/account/totp-provision", "/manage/account/webauthn-provision", "/manage/account/two-factor/"] {
                let words = english(try await browser.get(path).text)
                #expect(words.isEmpty, "\(path): \(words)")
            }
            site.test.clock.advance(by: .seconds(31 * 60))
            #expect(try await browser.get("/account/reauthenticate/").text.contains("<h1>Passwort bestätigen</h1>"))
            let refused = try await browser.submit("/account/reauthenticate/", ["password": "wrong"])
            #expect(refused.status == 422, "\(refused.status)")
        }
    }
}
