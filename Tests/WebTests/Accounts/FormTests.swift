// What is no form of ours, and what forms are not (platform §0.3).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct FormTests {
    private func checkNothingHappened(_ site: Site, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let found = try await site.test.db.query("SELECT 1 AS found FROM api_tokens WHERE description = 'made'")
        #expect(found.isEmpty, sourceLocation: sourceLocation)
    }

    @Test func `a form without the page's token, or with another session's, is refused`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            let other = Browser(site.client)
            try await other.get("/account/login/")
            for token in ["", "x", String(repeating: "0", count: 64), try #require(other.formToken)] {
                let answer = try await browser.submit("/manage/account/token/", ["name": "made", "csrf_token": token])
                #expect(answer.status == 403 && answer.text.contains("not sent from this site"))
            }
            // The token from before the login is the old session's.
            let stale = try #require(browser.formToken)
            #expect(try await browser.submit("/manage/account/token/", ["name": "made", "csrf_token": stale]).status == 403)
            try await checkNothingHappened(site)
            try await browser.get("/manage/account/token/")
            #expect(try await browser.submit("/manage/account/token/", ["name": "made"]).status == 200)
        }
    }

    @Test(arguments: [
        ["Origin": "https://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1.evil.example"], ["Origin": "http://127.0.0.1:1"],
        ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
    ])
    func `a form from another site's page is refused, whatever it holds`(headers: [String: String]) async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/token/")
            let answer = try await browser.submit("/manage/account/token/", ["name": "made"], headers: headers)
            #expect(answer.status == 403 && answer.text.contains("another site"))
            try await checkNothingHappened(site)
        }
    }

    @Test func `browsers that do not say whence a form comes are believed by its token`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/token/")
            #expect(
                try await browser.submit("/manage/account/token/", ["name": "made"], headers: ["Origin": "", "Sec-Fetch-Site": ""]).status == 200
            )
        }
    }

    @Test func `what is no form gets one clear answer`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.get("/account/login/")
            let token = try #require(browser.formToken)
            let path = "/account/login/"
            for (body, headers, status) in [
                ("csrf_token=\(token)&username=a&username=b", [:], 400),
                ("csrf_token=\(token)&username=a%00b", [:], 400),
                ("csrf_token=\(token)&username=%ff", [:], 400),
                ("csrf_token=\(token)&" + (0..<200).map { "f\($0)=1" }.joined(separator: "&"), [:], 413),
                ("csrf_token=\(token)&username=" + String(repeating: "a", count: 70_000), [:], 413),
                ("{}", ["Content-Type": "application/json"], 400),
                ("csrf_token=\(token)", ["Content-Type": "text/plain"], 400),
                ("", [:], 403),
            ] as [(String, [String: String], Int)] {
                let answer = try await browser.post(path, body, headers: headers)
                #expect(answer.status == status, "\(body.prefix(80))")
                #expect(answer.text.contains("<h1>"))
            }
            // Ten megabytes that are announced are not even read.
            let huge = try await site.client.withConnection { connection in
                connection.send(
                    "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000000\r\n\r\nusername="
                )
                return try connection.receive()
            }
            #expect(huge.status == 413)
        }
    }

    @Test func `cookies that this site never gave out are nobody's`() async throws {
        try await Site.runForPeople { site, browser in
            for cookie in ["", "x", String(repeating: "a", count: 43), String(repeating: "a", count: 5000), "../../etc/passwd", "' OR 1=1 --", "%00"]
            {
                browser.setSession(cookie)
                let answer = try await browser.get("/manage/account/")
                #expect(answer.status == 303, "\(cookie.prefix(50))")
            }
        }
    }

    @Test func `a name is shown as it was written, and is never markup`() async throws {
        try await Site.runForPeople { site, browser in
            try await browser.logIn("alice", Site.password)
            try await browser.get("/manage/account/")
            let name = "<script>alert('\"&')</script>"
            #expect(try await browser.submit("/manage/account/name/", ["name": name]).status == 303)
            let page = try await browser.get("/manage/account/").text
            #expect(page.contains("value=\"&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)&lt;/script&gt;\"") && !page.contains("<script>alert"))
            for bad in [String(repeating: "a", count: 101), "see https://evil.example", "a\u{7}b"] {
                let answer = try await browser.submit("/manage/account/name/", ["name": bad])
                #expect(answer.status == 422 && answer.text.contains("id=\"name-fault\""))
            }
        }
    }
}
