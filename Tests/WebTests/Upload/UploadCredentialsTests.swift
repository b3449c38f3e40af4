// Who may upload, and how they say who they are (index §2.1, §2.3 steps 5 and 6, §7.4, §11).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct UploadCredentialsTests {
    // index §7.4
    @Test func `a token is taken as Bearer, as token and as the password of __token__`() async throws {
        try await Site.run { site in
            let token = site.token
            let ways = [
                "Bearer \(token)", "bearer \(token)", "BEARER  \(token)", "token \(token)", "Token \(token)", WebClient.basic("__token__", token),
                WebClient.basic("__token__", " \(token)\n"), "basic " + WebClient.basic("__token__", token).dropFirst(6),
            ]
            for (number, way) in ways.enumerated() {
                let answer = try await site.client.upload(.wheel("demo", "1.\(number)"), authorization: way)
                #expect(answer.status == 200, "\(way.prefix(8)): \(answer.statusLine)")
            }
        }
    }

    // index §2.3 step 5
    @Test func `a password opens nothing, and the refusal says what to use`() async throws {
        try await Site.run { site in
            for credentials in [WebClient.basic("alice", "secret"), WebClient.basic("alice", site.token), WebClient.basic("", "")] {
                let answer = try await site.client.upload(.wheel("demo", "1.0"), authorization: credentials)
                #expect(answer.status == 403)
                #expect(answer.reason.contains("API token") && answer.reason.contains("/help/#apitoken"))
                #expect(answer["WWW-Authenticate"] == nil)
                #expect(!answer.text.contains(site.token))
            }
            try await site.checkUntouched()
        }
    }

    // index §2.3 step 6
    @Test func `whatever is wrong with a token, the answer is the same`() async throws {
        try await Site.run { site in
            let token = site.token
            let forged = String(token.dropLast(4)) + (token.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            var answers: Set<String> = []
            for authorization in [
                nil, "", "Bearer", "Bearer ", "Bearer x", "Bearer pypi-", "Bearer pypi-\(String(repeating: "A", count: 80))", "Bearer \(forged)",
                "Bearer \(token)x", "Digest x",
                "Basic !!!", "Basic " + Data("nothing".utf8).base64EncodedString(), WebClient.basic("__token__", ""),
                "Bearer test-\(token.dropFirst(5))",
                "Bearer " + String(repeating: "x", count: 20_000),
            ] {
                let answer = try await site.client.upload(.wheel("demo", "1.0"), authorization: authorization)
                #expect(answer.status == 403, "\(authorization ?? "none")")
                #expect(answer["WWW-Authenticate"] == nil)
                answers.insert(answer.reason)
            }
            #expect(answers.count == 1)
            #expect(answers.first?.contains("/help/#invalid-auth") == true)
            try await site.sql("UPDATE users SET is_active = FALSE")
            #expect(try await answers.contains(site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer).reason))
            try await site.sql("UPDATE users SET is_active = TRUE, is_frozen = TRUE")
            #expect(try await answers.contains(site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer).reason))
            try await site.sql("UPDATE users SET is_frozen = FALSE")
            try await site.sql("DELETE FROM api_tokens")
            #expect(try await answers.contains(site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer).reason))
            try await site.checkUntouched()
        }
    }

    // index §7.5, §11.5
    @Test func `tokens of strangers, of other projects and of yesterday are refused`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            try await site.publish(.wheel("other", "1.0"))
            try await site.test.user("mallory")
            let stranger = try await site.test.token(of: "mallory")
            let bound = try await site.test.token(project: "other")
            let now = site.test.clock.clock.now()
            let expired = try await site.test.token(expiresAt: now + 1_000_000)
            site.test.clock.advance(by: .seconds(2))
            for (token, words) in [
                (stranger, "isn't allowed to upload to project 'demo'"), (bound, "Invalid API Token"), (expired, "Invalid API Token"),
            ] {
                let answer = try await site.client.upload(.wheel("demo", "2.0"), authorization: "Bearer \(token)")
                #expect(answer.status == 403)
                #expect(answer.reason.contains(words), "\(answer.reason)")
                #expect(answer["WWW-Authenticate"] == nil)
            }
            #expect(try await site.client.upload(.wheel("other", "2.0"), authorization: "Bearer \(bound)").status == 200)
            #expect(try await site.fileCount() == 3)
        }
    }

    // index §2.1: session cookies are ignored; nothing is set.
    @Test func `cookies mean nothing to the upload address`() async throws {
        try await Site.run { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            let answer = try await site.client.send(
                "POST",
                "/legacy/",
                headers: ["Content-Type": "multipart/form-data; boundary=a-boundary-of-tests", "Cookie": "session=\(site.token); user=alice"],
                body: body
            )
            #expect(answer.status == 403)
            #expect(answer["Set-Cookie"] == nil)
            try await site.checkUntouched()
        }
    }
}
