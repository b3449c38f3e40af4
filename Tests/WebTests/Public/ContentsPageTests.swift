// What a file has inside, and its members.

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing
import Web

struct ContentsPageTests {
    private static let wheel = "/project/demo/1.0/contents/demo-1.0-py3-none-any.whl/"

    @Test func `a file's page lists its members, and says what installing it means`() async throws {
        try await Site.run { site in
            let info = "demo-1.0.dist-info"
            try await site.publish(
                "demo",
                "1.0",
                holding: [
                    ("demo/__init__.py", "x = 1\n"), ("demo/py.typed", ""), ("demo/fast.so", "\u{7F}ELF"), ("demo.pth", "import os\n"),
                    ("\(info)/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"),
                    ("\(info)/WHEEL", "Generator: maker (1)\nTag: py3-none-any\n"),
                    ("\(info)/entry_points.txt", "[console_scripts]\ndemo = demo:main\n"), ("\(info)/licenses/LICENSE", "free"),
                ]
            )
            #expect(try await site.page(Self.wheel).text.contains("Nobody has looked into this file yet"))
            try await site.test.runJobs()
            let page = try await site.page(Self.wheel)
            #expect(page.status == 200)
            for words in [
                "href=\"\(Self.wheel)demo/__init__.py\"", "href=\"\(Self.wheel)\(info)/licenses/LICENSE\"", "maker (1)", "<code>demo:main</code>",
                "native library", "Python reads this at every start", "runs code at every start", "<dt>Typed</dt><dd>yes</dd>", "8 files",
            ] { #expect(page.text.contains(words), "\(words)") }
            #expect(page["Cache-Control"] == "no-cache, public" && page.text.contains("noindex"))

            // The project's page says the same in a few words.
            let project = try await site.page("/project/demo/").text
            for words in ["href=\"\(Self.wheel)\"", "<code>demo</code>", "LICENSE</a>", "<dt>Commands</dt>"] {
                #expect(project.contains(words), "\(words)")
            }
            #expect(try await site.page("/project/demo/files/").text.contains("href=\"\(Self.wheel)\""))
            let german = try await site.page(Self.wheel, ["Accept": "text/html", "Accept-Language": "de"]).text
            #expect(german.contains("Größe installiert") && german.contains("native Bibliothek"))
        }
    }

    @Test(arguments: Origin.allCases)
    func `a member is shown as lines with addresses, wherever it lies`(origin: Origin) async throws {
        try await Site.run(files: origin) { site in
            var distribution = DistributionBuilder("demo", "1.0")
            distribution.members = [("code.py", Array("first\nif a < b: \u{202E}pass\n".utf8)), ("empty.py", []), ("data.bin", [0, 1, 255])]
            try await site.publish(UploadBuilder("demo", "1.0", file: distribution.wheel()))
            try await site.publish(UploadBuilder("demo", "1.0", file: distribution.sourceDistribution()))
            for (file, folder) in [(Self.wheel, "demo"), ("/project/demo/1.0/contents/demo-1.0.tar.gz/", "demo-1.0")] {
                let code = try await site.page("\(file)\(folder)/code.py")
                #expect(code.status == 200)
                #expect(code["Content-Type"] == "text/html; charset=UTF-8")
                #expect(code.text.contains("<tr id=\"L2\"><td><a href=\"#L2\">2</a></td><td>if a &lt; b: ⟨U+202E⟩pass</td>"))
                #expect(code.text.contains("characters that can not be seen"))
                #expect(try await site.page("\(file)\(folder)/empty.py").text.contains("It is empty."))
                let binary = try await site.page("\(file)\(folder)/data.bin").text
                #expect(binary.contains("This is no text") && binary.contains("00 01 ff"))
            }
        }
    }

    @Test func `each page has one address, and what is not there is 404`() async throws {
        try await Site.run { site in
            try await site.publishMade("demo", "1.0", [])
            for (path, location) in [
                ("/project/Demo/1.0/contents/demo-1.0-py3-none-any.whl/", Self.wheel),
                ("/project/demo/v1/contents/demo-1.0-py3-none-any.whl", "/project/demo/v1/contents/demo-1.0-py3-none-any.whl/"),
                ("/project/demo/1.0.0/contents/demo-1.0-py3-none-any.whl/?page=2", Self.wheel + "?page=2"),
                ("/project/Demo/v1/contents/demo-1.0-py3-none-any.whl/demo/%5Fx%3F.py", Self.wheel + "demo/_x%3F.py"),
            ] {
                let answer = try await site.page(path)
                #expect(answer.status == 301 && answer["Location"] == location, "\(path): \(answer.status) \(answer["Location"] ?? "")")
            }
            for path in [
                "\(Self.wheel)nothing.py", "\(Self.wheel)demo/", "\(Self.wheel)demo", "\(Self.wheel)%00", "\(Self.wheel)..%2F..%2Fetc%2Fpasswd",
                "\(Self.wheel)/etc/passwd", "\(Self.wheel)?member=../../etc/passwd", "\(Self.wheel)?member=%00", "/project/demo/1.0/contents/x.whl/",
                "/project/demo/1.0/contents/%00/", "/project/demo/%00/contents/demo-1.0-py3-none-any.whl/", "/project/demo/2.0/contents/x/",
                "/project/nothing/1.0/contents/demo-1.0-py3-none-any.whl/", "/project/demo/1.0/contents/demo-1.0-py3-none-any.whl%2F..%2Fx/",
            ] { #expect(try await site.page(path).status == 404, "\(path)") }
            // A slash is a slash, however it is written.
            #expect(try await site.page("\(Self.wheel)demo%2F__init__.py").status == 200)
            #expect(try await site.page("\(Self.wheel)%FF").status == 400)
            try await site.sql("UPDATE projects SET lifecycle_status = 'quarantine-enter'")
            for path in [Self.wheel, "\(Self.wheel)demo/__init__.py"] { #expect(try await site.page(path).status == 404, "\(path)") }
        }
    }

    @Test func `names and texts of strangers do nothing`() async throws {
        try await Site.run { site in
            let evil = "demo/\"><script>alert(1)</script>.py"
            try await site.publish(
                "demo",
                "1.0",
                holding: [
                    (evil, "</td></table><script>alert(1)</script>\n<!--"), ("../outside.py", "x = 'outside'\n"), ("/etc/absolute", "y\n"),
                    ("demo/a\u{7}\u{202E}b.py", "bell\n"), ("demo/back\\slash.py", "z\n"), ("demo//double.py", "w\n"), ("demo/x.html", "<b>bold</b>"),
                    ("demo/q?a=b#c.py", "question\n"), ("demo/ü.py", "ö\n"),
                    ("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Python: <script>alert(1)</script>\n"),
                    ("demo-1.0.dist-info/entry_points.txt", "[console_scripts]\n<script>alert(1)</script> = <img src=x onerror=alert(1)>\n"),
                ]
            )
            try await site.test.runJobs()
            var pages = ["/project/demo/", Self.wheel]
            let links = try await site.page(Self.wheel).text.split(separator: "href=\"").map { String($0.prefix { $0 != "\"" }) }.filter {
                $0.hasPrefix(Self.wheel)
            }.map { $0.replacing("&amp;", with: "&") }
            #expect(Set(links).count == 11)
            pages += Set(links)
            var texts = ""
            for path in pages {
                let page = try await site.page(path)
                #expect(page.status == 200, "\(path)")
                #expect(!page.text.contains("<script>") && !page.text.contains("<img src=x") && !page.text.contains("<b>bold"), "\(path)")
                #expect(!page.text.utf8.contains(7) && !page.text.unicodeScalars.contains("\u{202E}"), "\(path)")
                texts += page.text
            }
            // Every one of them can be read, also what has a path that leads elsewhere.
            for words in ["&#x27;outside&#x27;", "<td>y</td>", "<td>bell</td>", "<td>z</td>", "<td>w</td>", "<td>question</td>", "<td>ö</td>"] {
                #expect(texts.contains(words), "\(words)")
            }
            #expect(try await site.page(Self.wheel).text.contains("dubious path"))
        }
    }

    @Test func `what is huge, or says that it is, is shown up to a limit or not at all`() async throws {
        try await Site.run { site in
            var large = DistributionBuilder("demo", "1.0")
            large.members = [
                ("many.txt", Array(String(repeating: "ab\n", count: 10_000_000).utf8)),
                ("long.py", Array(("x = '" + String(repeating: "ö", count: 600_000)).utf8)),
            ]
            try await site.publish(UploadBuilder("demo", "1.0", file: large.sourceDistribution()))
            let file = "/project/demo/1.0/contents/demo-1.0.tar.gz/"
            let many = try await site.page("\(file)demo-1.0/many.txt")
            #expect(
                many.text.contains("Only the first 5000 lines") && many.text.contains("Only the first 262 kB") && many.text.contains("id=\"L5000\"")
            )
            #expect(many.body.count < 1 << 20 && !many.text.contains("id=\"L5001\""))
            let long = try await site.page("\(file)demo-1.0/long.py")
            #expect(long.status == 200 && long.body.count < 20_000 && long.text.contains("more characters"))

            // A gigabyte, says the directory, and there are six bytes.
            try await site.publish("demo", "2.0", holding: [("demo/liar.py", "x = 1\n"), ("demo/good.py", "y\n")]) { bytes in
                bytes.put(1 << 30, at: -22, from: "demo/liar.py")
                bytes.put(1 << 30, at: -8, from: "demo/liar.py")
            }
            try await site.test.runJobs()
            let second = "/project/demo/2.0/contents/demo-2.0-py3-none-any.whl/"
            #expect(try await site.page("\(second)demo/liar.py").text.contains("This can not be read."))
            #expect(try await site.page("\(second)demo/good.py").text.contains("<td>y</td>"))
            let list = try await site.page(second)
            #expect(list.status == 200)
            #expect(list.text.contains("can not be read") || list.text.contains("It is not known what is inside"))
        }
    }

    @Test func `a file that is no archive says so, and one that is lost is 503`() async throws {
        try await Site.run { site in
            try await site.publish("demo", "1.0", holding: []) { $0 = Array("<script>no zip</script>".utf8) }
            try await site.test.runJobs()
            #expect(try await site.page(Self.wheel).text.contains("It is not known what is inside of this file."))
            #expect(try await site.page("\(Self.wheel)demo/__init__.py").text.contains("This can not be read."))
            let path = try StoragePath(try await site.test.db.query("SELECT path FROM files")[0]["path", as: String.self])
            let bytes = try await site.test.storage.bytes(at: path, limit: 1000)
            try await site.test.storage.delete(path)
            #expect(try await site.page("\(Self.wheel)demo/__init__.py").status == 503)
            try await site.test.storage.put(bytes, at: path)
        }
    }

    @Test func `where reading needs a login, so do these pages`() async throws {
        var settings = IndexSettings()
        settings.readAccess = .authenticated
        try await Site.run(settings) { site in
            try await site.publishMade("demo", "1.0", [])
            for path in [
                Self.wheel, "\(Self.wheel)demo/__init__.py", "/project/demo/compare/1.0/1.0/", "/project/demo/compare/1.0/1.0/demo/__init__.py",
            ] {
                let answer = try await site.page(path)
                #expect(answer.status == 401 && !answer.text.contains("__version__"), "\(path)")
                let own = try await site.page(path, ["Accept": "text/html", "Authorization": site.bearer])
                #expect(own.status == 200 && own["Cache-Control"]?.contains("private") == true, "\(path)")
            }
        }
    }

    @Test func `an index that is only read shows them all the same`() async throws {
        try await Site.run { site in
            try await site.publishMade("demo", "1.0", [])
            try await site.test.engine.write { try $0.freeze.set(.forGood) }
            for path in [Self.wheel, "\(Self.wheel)demo/__init__.py", "/project/demo/compare/1.0/1.0/", "/project/demo/"] {
                #expect(try await site.page(path).status == 200, "\(path)")
            }
            try await site.test.engine.write { try $0.freeze.set(.open) }
        }
    }

    @Test func `when too many open archives the others are asked to come back, and lists are still there`() async throws {
        try await Site.run { site in
            try await site.publishMade("demo", "1.0", [])
            let line = site.test.index.archiveLine
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (entered, enter) = AsyncStream<Void>.makeStream()
                let (left, leave) = AsyncStream<Void>.makeStream()
                for _ in 0..<ArchiveLine.room {
                    group.addTask {
                        try await line.wait {
                            enter.yield()
                            for await _ in left { break }
                        }
                    }
                }
                var inside = entered.makeAsyncIterator()
                for _ in 0..<ArchiveLine.room { await inside.next() }
                let member = try await site.page("\(Self.wheel)demo/__init__.py")
                #expect(member.status == 503 && member["Retry-After"] != nil && member.text.contains("Too many archives"))
                #expect(try await site.page("/project/demo/compare/1.0/1.0/").status == 503)
                #expect(try await site.page(Self.wheel).status == 200)
                leave.finish()
                try await group.waitForAll()
            }
            #expect(try await site.page("\(Self.wheel)demo/__init__.py").status == 200)
            // What was refused for want of room is nobody's later answer.
            #expect(try await site.page("/project/demo/compare/1.0/1.0/").status == 200)
        }
    }

    @Test func `a long list has pages`() async throws {
        try await Site.run { site in
            try await site.publishMade("demo", "1.0", (0..<700).map { ("m\($0).py", "") })
            let first = try await site.page(Self.wheel).text
            #expect(first.contains("Page 1 of 2") && first.contains("\(Self.wheel)?page=2"))
            #expect(try await site.page("\(Self.wheel)?page=2").text.contains("demo/m99.py"))
            #expect(try await site.page("\(Self.wheel)?page=99").status == 200)
        }
    }
}
