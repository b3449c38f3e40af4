// Mails that go into a folder, on a page.

import Backends
import Foundation
import Registry
import TestSupport
import Testing
import Web

struct OutboxTests {
    @Test func `who works on the machine reads on a page what went into the folder of mails, and nobody else does`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "outbox-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = IndexSettings()
        settings.isRegistrationOpen = true
        try await Site.runForPeople(settings, outside: .init(mailer: try DirectoryMailer(folder: folder))) { site, browser in
            #expect(try await browser.get("/outbox/").text.contains("No mails yet."))
            try await browser.get("/account/register/")
            let person = [
                "username": "mona", "email": "mona@example.org", "password": "seven green bottles", "password_confirm": "seven green bottles",
            ]
            _ = try await browser.submit("/account/register/", person)
            try await site.test.runJobs()
            let list = try await browser.get("/outbox/").text
            let name = String(try #require(list.firstMatch(of: /href="\/outbox\/([^"]+)"/)).output.1)
            #expect(list.contains("Verify your email address") && list.contains("mona@example.org"))
            let mail = try await browser.get("/outbox/\(name)").text
            let link = String(try #require(mail.firstMatch(of: /<a href="https?:\/\/[^\/"]+(\/account\/verify-email\/[^"]+)"/)).output.1)
            #expect(try await browser.get(link.replacing("&amp;", with: "&")).status == 303)
            #expect(try await browser.get("/manage/account/").text.contains("mona@example.org is verified"))
            for name in ["nothing.eml", "..%2F..%2Fetc%2Fpasswd", "x"] { #expect(try await browser.get("/outbox/\(name)").status == 404, "\(name)") }
            // What a proxy passes on comes from elsewhere.
            #expect(try await site.client.get("/outbox/", ["X-Forwarded-For": "127.0.0.1"]).status == 404)
        }
    }
}
