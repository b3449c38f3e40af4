// Downloads (index §6.1, §6.3).

import Backends
import Distributions
import Registry
import SQLDatabase
import TestSupport
import Testing

struct DownloadTests {
    // index §6.3
    @Test(arguments: Origin.allCases) func `a file comes back byte for byte with everything caches need`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            let (wheel, sdist) = (UploadBuilder.wheel("demo", "1.0"), UploadBuilder.sdist("demo", "1.0"))
            try await site.publish(wheel)
            try await site.publish(sdist)
            for (number, upload, type) in [(0, wheel, "application/octet-stream"), (1, sdist, "application/gzip")] {
                let link = try await site.link("demo", number)
                #expect(link.hasSuffix("/\(upload.filename)"))
                let answer = try await site.client.get(link, ["Accept-Encoding": "gzip"])
                #expect(answer.statusLine == "HTTP/1.1 200 OK")
                #expect(answer.body == upload.bytes)
                #expect(answer["Content-Type"] == type)
                #expect(answer["Content-Length"] == "\(upload.bytes.count)")
                // It is compressed already, and its length must be that of the file.
                #expect(answer["Content-Encoding"] == nil)
                #expect(answer["Accept-Ranges"] == "bytes")
                #expect(answer["ETag"] == "\"\(Digests(of: upload.bytes).blake2b256)\"")
                #expect(answer["Last-Modified"] == "Fri, 02 Jan 2026 03:04:05 GMT")
                #expect(answer["Cache-Control"] == "max-age=365000000, immutable, public")
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Content-Security-Policy"] == "default-src 'none'; sandbox allow-top-navigation")
                let head = try await site.client.head(link)
                #expect(head.status == 200 && head.body.isEmpty)
                for name in ["Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges", "Cache-Control"] {
                    #expect(head[name] == answer[name])
                }
            }
        }
    }

    // index §6.1: beside every wheel, never beside an sdist.
    @Test(arguments: Origin.allCases) func `metadata lies beside a wheel and equals its METADATA`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            var distribution = DistributionBuilder("demo", "1.0")
            distribution.headers = ["Summary: Übung"]
            distribution.description = "Text\r\nwith odd line ends\n"
            try await site.publish(UploadBuilder("demo", "1.0", file: distribution.wheel()))
            try await site.publish(.sdist("demo", "1.0"))
            let (wheel, sdist) = (try await site.link("demo", 0), try await site.link("demo", 1))
            let metadata = try await site.client.get("\(wheel).metadata")
            #expect(metadata.status == 200)
            #expect(metadata.body == Array(distribution.metadata.utf8))
            #expect(metadata["Content-Type"] == "text/plain; charset=UTF-8")
            #expect(metadata["Cache-Control"] == "max-age=365000000, immutable, public")
            #expect(metadata["ETag"] != (try await site.client.head(wheel)["ETag"]))
            let hash = try await site.files("demo")[0]["core-metadata"] as? [String: String]
            #expect(hash == ["sha256": Digests(of: metadata.body).sha256])
            #expect(try await site.client.get("\(sdist).metadata").status == 404)
            #expect(try await site.client.get("\(wheel).asc").status == 404)
            #expect(try await site.client.get("\(wheel).metadata.metadata").status == 404)
        }
    }

    // index §6.3
    @Test(arguments: Origin.allCases) func `who has the file gets 304, also when asking for a part`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let link = try await site.link("demo")
            let tag = try #require(try await site.client.head(link)["ETag"])
            let conditions: [KeyValuePairs<String, String>] = [
                ["If-None-Match": tag], ["If-None-Match": "W/\(tag)"], ["If-None-Match": "\"x\", \(tag)"], ["If-None-Match": "*"],
                ["If-Modified-Since": "Fri, 02 Jan 2026 03:04:05 GMT"], ["If-Modified-Since": "Sat, 03 Jan 2026 00:00:00 GMT"],
                // RFC 9110 §13.2.2: before the range is looked at.
                ["If-None-Match": tag, "Range": "bytes=0-3"],
                ["If-None-Match": tag, "Range": "bytes=99999999-"],
            ]
            for headers in conditions {
                let answer = try await site.client.get(link, headers)
                #expect(answer.statusLine == "HTTP/1.1 304 Not Modified", "\(headers)")
                #expect(answer.body.isEmpty)
                #expect(answer["ETag"] == tag)
                #expect(answer["Content-Range"] == nil)
                #expect(answer["Cache-Control"] == "max-age=365000000, immutable, public")
            }
            let others: [KeyValuePairs<String, String>] = [
                ["If-None-Match": "\"x\""], ["If-Modified-Since": "Fri, 02 Jan 2026 03:04:04 GMT"], ["If-Modified-Since": "yesterday"],
                // The tag counts more than the date.
                ["If-None-Match": "\"x\"", "If-Modified-Since": "Sat, 03 Jan 2026 00:00:00 GMT"],
            ]
            for headers in others { #expect(try await site.client.get(link, headers).status == 200, "\(headers)") }
        }
    }

    // index §6.3
    @Test(arguments: Origin.allCases) func `only GET and HEAD download`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let link = try await site.link("demo")
            for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                let answer = try await site.client.send(method, link, body: [])
                #expect(answer.status == 405)
                #expect(answer["Allow"] == "GET, HEAD")
            }
            #expect(try await site.client.get(link).status == 200)
        }
    }

    // index §6.3: a large file, so that it travels in several pieces.
    @Test(arguments: Origin.allCases) func `a file of several megabytes comes whole`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            var distribution = DistributionBuilder("demo", "1.0")
            var generator = SystemRandomNumberGenerator()
            let words = (0..<(3 << 17)).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
            distribution.members = [("data.bin", words.withUnsafeBytes { Array($0) })]
            let upload = UploadBuilder("demo", "1.0", file: distribution.wheel())
            try await site.publish(upload)
            let answer = try await site.client.get(try await site.link("demo"))
            #expect(answer.body.count == upload.bytes.count)
            #expect(Digests(of: answer.body).sha256 == Digests(of: upload.bytes).sha256)
        }
    }
}
