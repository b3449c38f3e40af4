// Credentials do not travel in the clear (index §0.1, §0.2 step 2).

import Backends
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct HTTPSRuleTests {
    private static func settings(proxies: Int) -> WebSettings {
        var settings = WebSettings()
        settings.requiresHTTPS = true
        settings.trustedProxies = proxies
        return settings
    }

    private func checkRefused(_ answer: RawResponse, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(answer.statusLine == "HTTP/1.1 403 SSL is required", sourceLocation: sourceLocation)
        #expect(answer["X-Fastly-Error"] == "803", sourceLocation: sourceLocation)
        #expect(answer["Content-Type"] == "text/plain; charset=UTF-8", sourceLocation: sourceLocation)
    }

    // index §0.2 step 2
    @Test func `an action over plain HTTP is refused, in the query and in the form`() async throws {
        try await Site.run(web: Self.settings(proxies: 0)) { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            checkRefused(try await site.client.upload(upload, authorization: site.bearer))
            checkRefused(
                try await site.client.upload(upload.with(":action", nil), authorization: site.bearer, target: "/legacy/?:action=file_upload")
            )
            checkRefused(try await site.client.upload(upload, authorization: site.bearer, accept: "application/json"))
            checkRefused(try await site.client.get("/pypi?:action=list"))
            #expect(try await site.client.get("/simple/").status == 200)
            try await site.checkUntouched()
        }
    }

    // index §0.1: what a client writes itself is not believed.
    @Test func `X-Forwarded-Proto counts only where a proxy stands in front`() async throws {
        try await Site.run(web: Self.settings(proxies: 0)) { site in
            checkRefused(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, proxy: "https"))
        }
        try await Site.run(web: Self.settings(proxies: 1)) { site in
            checkRefused(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer))
            checkRefused(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, proxy: "http"))
            // The proxy writes at the right; the client's own word stands left of it.
            checkRefused(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, proxy: "https, http"))
            try await site.checkUntouched()
            #expect(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, proxy: "https").status == 200)
            #expect(try await site.client.upload(.wheel("demo", "2.0"), authorization: site.bearer, proxy: "http, HTTPS").status == 200)
        }
        try await Site.run(web: Self.settings(proxies: 2)) { site in
            checkRefused(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, proxy: "https, http, https"))
            #expect(try await site.client.upload(.wheel("demo", "1.0"), authorization: site.bearer, proxy: "http, https, http").status == 200)
        }
    }

    // index §0.1: the address that events keep.
    @Test(arguments: [(0, "127.0.0.1"), (1, "3.3.3.3"), (2, "2.2.2.2"), (5, "127.0.0.1")])
    func `the client's address is the one the outermost trusted proxy saw`(proxies: Int, address: String) async throws {
        var settings = WebSettings()
        settings.trustedProxies = proxies
        try await Site.run(web: settings) { site in
            let body = UploadBuilder.wheel("demo", "1.0").multipart()
            let answer = try await site.client.send(
                "POST",
                "/legacy/",
                headers: [
                    "Content-Type": "multipart/form-data; boundary=a-boundary-of-tests", "Authorization": site.bearer,
                    "X-Forwarded-For": "1.1.1.1, 2.2.2.2",
                    "X-Forwarded-For": "3.3.3.3",
                ],
                body: body
            )
            #expect(answer.status == 200)
            let rows = try await site.test.db.query("SELECT address FROM events WHERE tag = 'file:add'")
            #expect(try rows[0]["address", as: String.self] == address)
        }
    }
}
