// What publishing clients see: status, the sentence in the status line, the body (index §0.4, §2.1).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct UploadAnswersTests {
    // index §2.1
    @Test func `a good upload is 200, and so is the very same again`() async throws {
        try await Site.run { site in
            let first = try await site.publish(.wheel("demo", "1.0"))
            #expect(first.statusLine == "HTTP/1.1 200 OK")
            #expect(first["Cache-Control"] == "no-store")
            #expect(first["Vary"]?.contains("Authorization") == true)
            #expect(first["Set-Cookie"] == nil)
            try await site.publish(.wheel("demo", "1.0"))
            #expect(try await site.fileCount() == 1)
        }
    }

    /// An upload that is refused, and a word that must be in the refusal.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let what: String
        let upload: UploadBuilder
        let words: String
        var testDescription: String { what }
    }

    /// One for each kind of fault: form, metadata, name, file (index §2.3 to §2.6, §2.13 to §2.15).
    static let refusals: [Refusal] = [
        Refusal(what: "no name", upload: .wheel("demo", "1.0").with("name", nil), words: "name is missing"),
        Refusal(what: "bad name", upload: .wheel("demo", "1.0").with("name", "-demo-"), words: "'-demo-' is an invalid value for name"),
        Refusal(what: "bad version", upload: .wheel("demo", "1.0").with("version", "one"), words: "one"),
        Refusal(what: "no file type", upload: .wheel("demo", "1.0").with("filetype", nil), words: "filetype is missing"),
        Refusal(what: "bad file type", upload: .wheel("demo", "1.0").with("filetype", "bdist_egg"), words: "filetype"),
        Refusal(what: "no digest", upload: .wheel("demo", "1.0").with("sha256_digest", nil), words: "at least one message digest"),
        Refusal(what: "wrong digest", upload: .wheel("demo", "1.0").with("sha256_digest", String(repeating: "0", count: 64)), words: "digest"),
        Refusal(what: "unknown protocol", upload: .wheel("demo", "1.0").with("protocol_version", "2"), words: "protocol version"),
        Refusal(what: "bad metadata version", upload: .wheel("demo", "1.0").with("metadata_version", "9.9"), words: "9.9"),
        Refusal(what: "standard library", upload: .wheel("json", "1.0"), words: "standard library"),
        Refusal(what: "prohibited name", upload: .wheel("requirements-txt", "1.0"), words: "isn't allowed"),
        Refusal(what: "path in the file's name", upload: .wheel("demo", "1.0").with(filename: "../demo-1.0-py3-none-any.whl"), words: "in the name"),
        Refusal(what: "no distribution", upload: .wheel("demo", "1.0").with(filename: "demo-1.0.exe"), words: "extension"),
        Refusal(what: "image", upload: .wheel("demo", "1.0").with(contentType: "image/png"), words: "Invalid distribution file"),
        Refusal(what: "no archive", upload: .wheel("demo", "1.0").with(bytes: Array("not a zip".utf8)), words: "Invalid distribution file"),
        Refusal(what: "name in the file's name", upload: .wheel("demo", "1.0").with(filename: "other-1.0-py3-none-any.whl"), words: "other"),
    ]

    // index §2.1: the message is in the reason phrase and in the body.
    @Test func `every kind of refusal tells its reason in the status line and in the body`() async throws {
        try await Site.run { site in
            for refusal in Self.refusals {
                let plain = try await site.client.upload(refusal.upload, authorization: site.bearer)
                #expect(plain.status == 400, "\(refusal.what): \(plain.statusLine)")
                #expect(plain.reason.localizedCaseInsensitiveContains(refusal.words), "\(refusal.what): \(plain.reason)")
                #expect(plain["Content-Type"] == "text/plain; charset=UTF-8")
                #expect(plain.text == "400 Bad Request\n\n\(plain.reason)\n", "\(refusal.what)")
                #expect(plain["WWW-Authenticate"] == nil)
                #expect(plain["X-Emporium-Reason-Phrase"] == nil)

                let json = try await site.client.upload(refusal.upload, authorization: site.bearer, accept: "application/json")
                #expect(json["Content-Type"] == "application/json")
                let object = try #require(JSONSerialization.jsonObject(with: Data(json.body)) as? [String: String])
                #expect(object == ["code": "400 \(plain.reason)", "message": plain.reason, "title": "Bad Request"], "\(refusal.what)")
                #expect(json.reason == plain.reason)
            }
            try await site.checkUntouched()
        }
    }

    // index §0.4
    @Test func `the body of a refusal follows Accept`() async throws {
        try await Site.run { site in
            let upload = UploadBuilder.wheel("demo", "1.0").with("version", "<script>alert('1')</script> & \"more\"")
            for (accept, type) in [
                (nil, "text/plain; charset=UTF-8"), ("text/plain", "text/plain; charset=UTF-8"), ("application/json", "application/json"),
                ("text/html", "text/html; charset=UTF-8"), ("*/*", "text/html; charset=UTF-8"), ("image/png", "text/plain; charset=UTF-8"),
                ("broken", "text/plain; charset=UTF-8"),
                ("text/html;q=0.1, application/json", "application/json"),
            ] {
                let answer = try await site.client.upload(upload, authorization: site.bearer, accept: accept)
                #expect(answer.status == 400)
                #expect(answer["Content-Type"] == type, "\(accept ?? "none")")
                if type.hasPrefix("text/html") {
                    #expect(!answer.text.contains("<script>"))
                    #expect(answer.text.contains("&lt;script&gt;"))
                    #expect(answer["Content-Security-Policy"]?.contains("default-src 'none'") == true)
                }
            }
        }
    }

    // index §2.1: question marks in the status line only.
    @Test func `what is not Latin-1 is a question mark in the status line and itself in the body`() async throws {
        try await Site.run { site in
            let answer = try await site.client.upload(
                .wheel("demo", "1.0").with("name", "naïve-日本-€-😀"),
                authorization: site.bearer,
                accept: "text/plain"
            )
            #expect(answer.status == 400)
            #expect(answer.reason.contains("'naïve-??-?-?'"), "\(answer.reason)")
            #expect(answer.text.contains("'naïve-日本-€-😀'"), "\(answer.text)")
        }
    }

    // index §2.1: one answer, one head, whatever is echoed.
    @Test func `a line break in a field can not begin a header`() async throws {
        try await Site.run { site in
            for evil in [
                "x\r\nSet-Cookie: a=1", "x\nSet-Cookie: a=1", "x\r\n\r\n<h1>mine</h1>", "x\u{85}Set-Cookie: a=1", "x\u{2028}Set-Cookie: a=1",
                "x\u{0B}\u{0C}\u{1B}[2J\u{7F}",
            ] {
                for field in ["name", "version", "filetype", "requires_python"] {
                    let answer = try await site.client.upload(.wheel("demo", "1.0").with(field, evil), authorization: site.bearer)
                    #expect(answer.status == 400, "\(field)")
                    #expect(answer["Set-Cookie"] == nil, "\(field)")
                    #expect(!answer.reason.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }, "\(field)")
                    #expect(answer.headers.allSatisfy { !$0.name.contains(" ") && !$0.name.isEmpty })
                }
            }
            for filename in ["a\r\nSet-Cookie: a=1.whl", "a\nb.whl", "a\rb.whl", "a\u{1}b.whl"] {
                let answer = try await site.client.upload(.wheel("demo", "1.0").with(filename: filename), authorization: site.bearer)
                #expect(answer.status == 400)
                #expect(answer["Set-Cookie"] == nil)
            }
            try await site.checkUntouched()
        }
    }

    // index §2.1: the parameter may stand in either place.
    @Test func `the action is found in the query and in the form`() async throws {
        try await Site.run { (site: Site) async throws in
            let inQuery = UploadBuilder.wheel("demo", "1.0").with(":action", nil)
            #expect(try await site.client.upload(inQuery, authorization: site.bearer, target: "/legacy/?:action=file_upload").status == 200)
            #expect(try await site.client.upload(inQuery, authorization: site.bearer, target: "/legacy/?%3Aaction=file_upload").status == 200)
            #expect(try await site.client.upload(inQuery, authorization: site.bearer).status == 404)
            #expect(try await site.client.upload(.wheel("demo", "2.0").with(":action", "other"), authorization: site.bearer).status == 404)
            #expect(try await site.client.upload(.wheel("demo", "2.0"), authorization: site.bearer).status == 200)
            #expect(try await site.fileCount() == 2)
        }
    }

    // index §2.1
    @Test func `what clients did long ago is gone, and they are told`() async throws {
        try await Site.run { site in
            for (action, words) in [("submit", "upload your files"), ("submit_pkg_info", "upload your files"), ("doc_upload", "Read the Docs")] {
                let answer = try await site.client.upload(.wheel("demo", "1.0").with(":action", action), authorization: site.bearer)
                #expect(answer.status == 410)
                #expect(answer.reason.contains(words))
                #expect(answer.text.contains(words))
            }
            for action in ["file_upload", "submit", "submit_pkg_info", "doc_upload"] {
                let moved = try await site.client.send("POST", "/pypi?:action=\(action)", body: [])
                #expect(moved.status == 410)
                #expect(moved.reason.contains("/legacy/"))
            }
            #expect(try await site.client.send("POST", "/pypi", body: []).status == 404)
            try await site.checkUntouched()
        }
    }

    // index §2.1
    @Test func `the address without its slash is redirected with method and body kept`() async throws {
        try await Site.run { site in
            let answer = try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, target: "/legacy?:action=file_upload")
            #expect(answer.status == 308)
            #expect(answer.reason.contains("/legacy/ (with a trailing slash)"))
            #expect(answer["Location"] == "/legacy/?:action=file_upload")
            try await site.checkUntouched()
        }
    }

    // index §0.2 step 3, §2.1
    @Test func `reading the upload address is 405`() async throws {
        try await Site.run { site in
            for method in ["GET", "HEAD", "PUT", "OPTIONS"] {
                let answer = try await site.client.send(method, "/legacy/")
                #expect(answer.status == 405)
                #expect(answer["Allow"] == "POST")
            }
        }
    }

    // index §0.8, §2.3 steps 3 and 4
    @Test func `switched-off uploads say so`() async throws {
        try await Site.run { site in
            for flag in ["read-only", "disallow-new-upload"] {
                try await site.sql("UPDATE flags SET is_on = TRUE WHERE name = \(flag)")
                let answer = try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer)
                #expect(answer.status == 403)
                #expect(answer.reason.contains("temporarily disabled"))
                try await site.sql("UPDATE flags SET is_on = FALSE WHERE name = \(flag)")
            }
            try await site.checkUntouched()
        }
    }

    // index §2.12
    @Test func `other bytes under a published name are refused as clients expect`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("demo", "1.0"))
            var distribution = DistributionBuilder("demo", "1.0")
            distribution.description = "other"
            let answer = try await site.client.upload(UploadBuilder("demo", "1.0", file: distribution.wheel()), authorization: site.bearer)
            #expect(answer.status == 400)
            #expect(answer.reason.hasPrefix("File already exists"))
            #expect(try await site.fileCount() == 1)
        }
    }
}
