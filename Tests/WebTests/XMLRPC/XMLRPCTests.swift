// What mirrors call, over a socket (index §4).

import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

@testable import Web

struct XMLRPCTests {
    private func pairs(_ pairs: [(String, String)]) -> XMLRPCValue { .array(pairs.map { .array([.string($0), .string($1)]) }) }

    @Test(arguments: ["/pypi", "/pypi/", "/RPC2"]) func `a mirror learns what changed, and what there is`(target: String) async throws {
        try await Site.run { site in
            #expect(try await site.call("changelog_last_serial", at: target) == .none)
            #expect(try await site.call("list_packages_with_serial", at: target) == .structure([]))
            try await site.publish(.wheel("Demo.Pkg", "1.0"))
            let now = site.test.clock.clock.now() / 1_000_000
            func line(_ version: String?, _ action: String, _ serial: Int64) -> XMLRPCValue {
                .array([.string("Demo.Pkg"), version.map { .string($0) } ?? .none, .int(now), .string(action), .int(serial)])
            }
            let lines = [
                line(nil, "create", 1), line(nil, "add Owner alice", 2), line("1.0", "new release", 3),
                line("1.0", "add py3 file Demo_Pkg-1.0-py3-none-any.whl", 4),
            ]
            let filename = try await site.test.db.query("SELECT filename FROM files")[0]["filename", as: String.self]
            let expected = lines.dropLast() + [line("1.0", "add py3 file \(filename)", 4)]
            #expect(try await site.call("changelog_since_serial", .int(0), at: target) == .array(Array(expected)))
            #expect(try await site.call("changelog_since_serial", .int(3), at: target) == .array([expected[3]]))
            #expect(try await site.call("changelog_since_serial", .int(4), at: target) == .array([]))
            #expect(try await site.call("changelog_since_serial", .int(-5), at: target) == .array(Array(expected)))
            #expect(try await site.call("changelog_last_serial", at: target) == .int(4))
            #expect(
                try await site.call("list_packages_with_serial", at: target) == .structure([.init(name: "Demo.Pkg", value: .int(4))])
            )
        }
    }

    @Test func `the changelog ends behind fifty thousand lines, and a serial goes beyond 32 bits`() async throws {
        try await Site.run { site in
            let first = Int64(1) << 32
            try await site.sql(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50010)
                INSERT INTO journal (serial, project_name, action, submitted_at) SELECT \(first) + i, 'demo', 'create', 1000000 FROM n
                """
            )
            try await site.sql("UPDATE counters SET value = \(first + 50_010) WHERE name = 'serial'")
            guard case .array(let lines) = try await site.call("changelog_since_serial", .int(first)) else {
                Issue.record("no array")
                return
            }
            #expect(lines.count == 50_000)
            #expect(lines.first == .array([.string("demo"), .none, .int(1), .string("create"), .int(first + 1)]))
            #expect(lines.last == .array([.string("demo"), .none, .int(1), .string("create"), .int(first + 50_000)]))
            guard case .array(let rest) = try await site.call("changelog_since_serial", .int(first + 50_000)) else { return }
            #expect(rest.count == 10)
            #expect(try await site.call("changelog_last_serial") == .int(first + 50_010))
        }
    }

    @Test func `an action is told in ASCII, and without what XML can not hold`() async throws {
        try await Site.run { site in
            try await site.sql("INSERT INTO journal (serial, project_name, action, submitted_at) VALUES (1, 'demo', \("add \u{1}é<🐍>"), 0)")
            #expect(
                try await site.call("changelog_since_serial", .int(0))
                    == .array([.array([.string("demo"), .none, .int(0), .string("add &#233;<&#128013;>"), .int(1)])])
            )
        }
    }

    @Test func `the list of projects is kept until a project changes, and holds those in quarantine`() async throws {
        try await Site.run { site in
            try await site.publish(.wheel("one", "1.0"))
            #expect(try await site.call("list_packages_with_serial") == .structure([.init(name: "one", value: .int(4))]))
            // Past the index: nobody is told.
            _ = try await site.test.db.write { try $0.execute("UPDATE projects SET last_serial = 99") }
            #expect(try await site.call("list_packages_with_serial") == .structure([.init(name: "one", value: .int(4))]))
            try await site.sql("UPDATE projects SET last_serial = 4, lifecycle_status = 'quarantine-enter'")
            try await site.publish(.wheel("two", "1.0"))
            let both = XMLRPCValue.structure([.init(name: "one", value: .int(4)), .init(name: "two", value: .int(8))])
            #expect(try await site.call("list_packages_with_serial") == both)
            // In each encoding the same, again and again.
            for coding in ["gzip", "gzip", "zstd", "identity"] {
                let answer = try await site.answer("list_packages_with_serial", coding: coding)
                #expect(answer.status == 200 && answer["Content-Encoding"] == (coding == "identity" ? nil : coding))
                #expect(answer["Vary"]?.contains("Accept-Encoding") == true)
                if coding == "identity" { #expect(try Site.read(answer) == both) } else { #expect(!answer.text.contains("two")) }
            }
            // It is no page.
            #expect(try await site.client.get("/RPC2").status == 405)
            #expect(try await site.client.get("/RPC2#list_packages_with_serial").status >= 400)
        }
    }

    @Test func `roles of a project and of a user`() async throws {
        try await Site.run { site in
            for name in ["zoe", "bob"] { try await site.test.user(name) }
            try await site.publish(.wheel("Demo.Pkg", "1.0"))
            try await site.publish(.wheel("another", "1.0"))
            try await site.sql(
                """
                INSERT INTO roles (project_id, user_id, name) SELECT p.id, u.id, CASE u.username WHEN 'zoe' THEN 'Owner' ELSE 'Maintainer' END
                FROM projects p, users u WHERE p.normalized_name = 'demo-pkg' AND u.username IN ('zoe', 'bob')
                """
            )
            for name in ["demo-pkg", "Demo.Pkg", "DEMO__pkg"] {
                #expect(
                    try await site.call("package_roles", .string(name)) == pairs([("Owner", "alice"), ("Owner", "zoe"), ("Maintainer", "bob")]),
                    "\(name)"
                )
            }
            #expect(try await site.call("user_packages", .string("ALICE")) == pairs([("Owner", "another"), ("Owner", "Demo.Pkg")]))
            #expect(try await site.call("user_packages", .string("bob")) == pairs([("Maintainer", "Demo.Pkg")]))
            for name in ["nobody", "", "a b", "é"] {
                #expect(try await site.call("package_roles", .string(name)) == .array([]), "\(name)")
                #expect(try await site.call("user_packages", .string(name)) == .array([]), "\(name)")
            }
        }
    }

    @Test func `releases are found by all of several classifiers`() async throws {
        try await Site.run { site in
            let (beta, python) = ("Development Status :: 4 - Beta", "Programming Language :: Python :: 3")
            func publish(_ name: String, _ version: String, _ classifiers: String...) async throws {
                try await site.publish(.wheel(name, version, saying: classifiers.map { ("classifiers", $0) }))
            }
            try await publish("Both", "1.0", beta, python)
            try await publish("Both", "0.9", python, beta)
            try await publish("one", "1.0", python)
            try await publish("none", "1.0")
            func browse(_ classifiers: String...) async throws -> XMLRPCValue {
                try await site.call("browse", .array(classifiers.map { .string($0) }))
            }
            #expect(try await browse(beta, python) == pairs([("Both", "0.9"), ("Both", "1.0")]))
            #expect(try await browse(python) == pairs([("Both", "0.9"), ("Both", "1.0"), ("one", "1.0")]))
            #expect(try await browse(python, python) == .array([]))
            #expect(try await browse(python, "No such :: Thing") == .array([]))
            #expect(try await browse() == .array([]))
            #expect(try await site.call("browse", .array((0..<2000).map { .string("a\($0)") })) == .array([]))
        }
    }

    @Test func `parameters are checked strictly, before anything else`() async throws {
        try await Site.run { site in
            func check(_ fault: XMLRPCFault, _ reasons: String, sourceLocation: SourceLocation = #_sourceLocation) {
                #expect(fault == XMLRPCFault(-32602, "client error; \(reasons)"), sourceLocation: sourceLocation)
            }
            check(try await site.fault("changelog_since_serial"), "serial: this parameter is missing")
            for value: XMLRPCValue in [.string("1"), .bool(true), .double(1), .none, .array([.int(1)])] {
                check(try await site.fault("changelog_since_serial", value), "serial: this is not an integer")
            }
            check(
                try await site.fault("changelog_since_serial", .int(1), .int(2), .none),
                "2: there is no such parameter; 3: there is no such parameter"
            )
            check(try await site.fault("changelog_last_serial", .int(1)), "1: there is no such parameter")
            check(try await site.fault("package_roles", .int(1)), "package_name: this is not a string")
            check(try await site.fault("browse", .string("a")), "classifiers: this is not an array of strings")
            check(try await site.fault("browse", .array([.string("a"), .int(1)])), "classifiers: element 2 is not a string")
            // Also those of methods that are answered no more.
            check(try await site.fault("release_data", .string("a")), "version: this parameter is missing")
            check(try await site.fault("package_releases", .string("a"), .int(1)), "show_hidden: this is not a boolean")
        }
    }

    @Test func `methods that are gone say where to go, and others are not there`() async throws {
        try await Site.run { site in
            let text: XMLRPCValue = .string("a")
            let faults = try await [
                site.fault("changelog", .int(1)), site.fault("changelog", .int(1), .bool(true)), site.fault("package_data", text, text),
                site.fault("package_urls", text, text), site.fault("top_packages"), site.fault("top_packages", .int(1)),
                site.fault("search", .structure([.init(name: "name", value: text)])), site.fault("search", .structure([]), .string("or")),
                site.fault("list_packages"), site.fault("package_releases", text), site.fault("release_urls", text, text),
                site.fault("release_data", text, text), site.fault("system.multicall", .array([])),
            ]
            for fault in faults { #expect(fault.code == -32500 && fault.text.hasPrefix("RuntimeError: "), "\(fault)") }
            #expect(faults[6].text.contains("/search/"))
            for method in ["release_downloads", "system.listMethods", "", "x", "Changelog_last_serial"] {
                let fault = try await site.fault(method)
                #expect(fault.code == (method.isEmpty ? -32700 : -32601), "\(method): \(fault)")
            }
        }
    }

    @Test func `what is no call is a fault, whatever it is`() async throws {
        try await Site.run { site in
            let large = [UInt8](repeating: UInt8(ascii: " "), count: 300_000)
            for body in [[], Array("x".utf8), Array("<!DOCTYPE a><a/>".utf8), [0xFF, 0xFE, 0x3C, 0x00], large] {
                let answer = try await site.client.send("POST", "/RPC2", headers: ["Content-Type": "text/xml"], body: body)
                #expect(throws: XMLRPCFault.self) { try Site.read(answer) }
                #expect(answer.text.contains("<int>-32700</int>"), "\(answer.text)")
            }
            // In pieces, without saying how long it is.
            let piece = "10000\r\n\(String(repeating: " ", count: 65536))\r\n"
            let request = "POST /RPC2 HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
            let answer = try await site.client.exchange(Array("\(request)\(String(repeating: piece, count: 5))0\r\n\r\n".utf8))[0]
            #expect(answer.text.contains("<int>-32700</int>"), "\(answer.statusLine)")
            #expect(try await site.client.get("/_health/").status == 200)
        }
    }

    @Test func `only text in XML is taken for a call`() async throws {
        try await Site.run { site in
            let body = Array("<methodCall><methodName>changelog_last_serial</methodName></methodCall>".utf8)
            for type in ["text/xml", "text/xml; charset=utf-8", "Text/XML"] {
                let answer = try await site.client.send("POST", "/RPC2", headers: ["Content-Type": type], body: body)
                #expect(answer.status == 200, "\(type)")
            }
            for type in ["application/xml", "text/plain", "application/x-www-form-urlencoded"] {
                for target in ["/RPC2", "/pypi", "/pypi/"] {
                    #expect(try await site.client.send("POST", target, headers: ["Content-Type": type], body: body).status == 404, "\(type)")
                }
            }
            for target in ["/pypi", "/pypi/"] {
                #expect(try await site.client.send("POST", "\(target)?:action=file_upload", headers: [:], body: []).status == 410)
            }
        }
    }

    // index §10.1, §10.2
    @Test func `so many calls are answered in an hour, one less than the limit, and each answer says how many are left`() async throws {
        var settings = IndexSettings()
        settings.rateLimits = try RateLimitOverrides("xmlrpc.client=3/1h")
        try await Site.run(settings) { site in
            let first = try await site.answer("changelog_last_serial")
            #expect(try Site.read(first) == .none)
            #expect(first["RateLimit-Policy"] == "\"xmlrpc.client\";q=3;w=3600;pk=:ip:")
            #expect(first["RateLimit"]?.hasPrefix("\"xmlrpc.client\";r=2;t=") == true)
            // Also what no method answers.
            #expect(try await site.fault("no_such_method").code == -32601)
            for _ in 0..<3 {
                let fault = try await site.fault("changelog_last_serial")
                #expect(fault.code == -32500 && fault.text.hasPrefix("HTTPTooManyRequests: "), "\(fault)")
                #expect(fault.text.range(of: "may reset in [1-9][0-9]* seconds", options: .regularExpression) != nil, "\(fault)")
            }
            // Other pages are not limited.
            #expect(try await site.client.get("/simple/").status == 200)
        }
    }

    @Test func `where reading needs a login, so do calls`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await Site.run(settings) { site in
            try await site.publish(.wheel("demo", "1.0"))
            for method in ["changelog_last_serial", "list_packages_with_serial", "no_such_method"] {
                for target in ["/RPC2", "/pypi", "/pypi/"] {
                    for authorization in ["", "Bearer pypi-wrong"] {
                        let answer = try await site.answer(method, at: target, authorization: authorization)
                        #expect(answer.status == 401 && answer["WWW-Authenticate"] != nil && !answer.text.contains("demo"), "\(method) \(target)")
                    }
                }
            }
            for coding in ["identity", "gzip", "zstd"] {
                let answer = try await site.answer("list_packages_with_serial", authorization: site.bearer, coding: coding)
                #expect(try Site.read(answer) == .structure([.init(name: "demo", value: .int(4))]))
                // Its length would tell what is in it.
                #expect(answer["Content-Encoding"] == nil)
            }
        }
    }

    @Test func `a database that can not answer is a fault, and what is unforeseen is told to nobody`() async throws {
        try await Site.run { site in
            try await site.sql("ALTER TABLE journal RENAME TO elsewhere")
            let fault = try await site.fault("changelog_since_serial", .int(0))
            #expect(fault == XMLRPCFault(-32500, "InternalError: something went wrong in the index"))
            try await site.sql("ALTER TABLE elsewhere RENAME TO journal")
            #expect(try await site.call("changelog_since_serial", .int(0)) == .array([]))
        }
    }
}
