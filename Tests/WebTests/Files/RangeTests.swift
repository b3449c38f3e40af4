// Parts of files (index §6.3, RFC 9110 §14).

import Backends
import Registry
import SQLDatabase
import TestSupport
import Testing

struct RangeTests {
    // index §6.3
    @Test(arguments: Origin.allCases) func `one range gets that part`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let link = try await site.link("demo")
            let size = upload.bytes.count
            for (range, part) in [
                ("bytes=0-0", 0..<1), ("bytes=0-99", 0..<100), ("bytes=100-199", 100..<200), ("bytes=\(size - 1)-", size - 1..<size),
                ("bytes=10-", 10..<size), ("bytes=-1", size - 1..<size), ("bytes=-100", size - 100..<size), ("bytes=-\(size)", 0..<size),
                ("bytes=-\(size + 1)", 0..<size), ("bytes=10-\(size + 100)", 10..<size), ("bytes=10-99999999999999999999999", 10..<size),
                ("BYTES=0-9", 0..<10),
                ("bytes= 0-9", 0..<10),
            ] {
                let answer = try await site.client.get(link, ["Range": range])
                #expect(answer.statusLine == "HTTP/1.1 206 Partial Content", "\(range)")
                #expect(answer.body == Array(upload.bytes[part]), "\(range)")
                #expect(answer["Content-Range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)", "\(range)")
                #expect(answer["Content-Length"] == "\(part.count)")
                #expect(answer["ETag"] != nil)
            }
        }
    }

    // index §6.3: what is not understood is as if it were not there.
    @Test(arguments: Origin.allCases) func `several ranges and malformed ones get the whole file`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let link = try await site.link("demo")
            for range in [
                "bytes=0-1,5-6", "bytes=0-1, -5", "bytes=5-4", "bytes=-", "bytes=", "bytes", "bytes=a-b", "bytes=1-2-3", "bytes=+1-2", "bytes=1",
                "items=0-1", "",
                "bytes=--1", "bytes=0x0-0x1", "bytes=-1-5",
            ] {
                let answer = try await site.client.get(link, ["Range": range])
                #expect(answer.status == 200, "\(range)")
                #expect(answer.body == upload.bytes, "\(range)")
                #expect(answer["Content-Range"] == nil)
            }
            let head = try await site.client.head(link, ["Range": "bytes=0-1"])
            #expect(head.status == 200 && head["Content-Length"] == "\(upload.bytes.count)")
        }
    }

    // index §6.3
    @Test(arguments: Origin.allCases) func `a range beyond the end is 416 and tells the size`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let link = try await site.link("demo")
            for range in ["bytes=\(upload.bytes.count)-", "bytes=99999999999-", "bytes=99999999999999999999-", "bytes=-0"] {
                let answer = try await site.client.get(link, ["Range": range])
                #expect(answer.status == 416, "\(range)")
                #expect(answer["Content-Range"] == "bytes */\(upload.bytes.count)")
                #expect(answer.body.isEmpty)
                #expect(answer["Cache-Control"] == nil)
            }
        }
    }

    // index §6.3
    @Test(arguments: Origin.allCases) func `If-Range gets the part only when the file is still the same`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            let upload = UploadBuilder.wheel("demo", "1.0")
            try await site.publish(upload)
            let link = try await site.link("demo")
            let tag = try #require(try await site.client.head(link)["ETag"])
            for (condition, status) in [
                (tag, 206), ("Fri, 02 Jan 2026 03:04:05 GMT", 206), ("\"other\"", 200), ("W/\(tag)", 200), ("Thu, 01 Jan 2026 00:00:00 GMT", 200),
                ("Sat, 03 Jan 2026 00:00:00 GMT", 200), ("", 200),
            ] {
                let answer = try await site.client.get(link, ["Range": "bytes=0-9", "If-Range": condition])
                #expect(answer.status == status, "\(condition)")
                #expect(answer.body.count == (status == 206 ? 10 : upload.bytes.count))
            }
            // Not even an impossible range is looked at when the condition fails.
            #expect(try await site.client.get(link, ["Range": "bytes=99999999-", "If-Range": "\"other\""]).status == 200)
        }
    }

    // index §6.3
    @Test(arguments: Origin.allCases) func `metadata has parts as well`(files: Origin) async throws {
        try await Site.run(files: files) { site in
            try await site.publish(.wheel("demo", "1.0"))
            let link = try await site.link("demo") + ".metadata"
            let answer = try await site.client.get(link, ["Range": "bytes=0-15"])
            #expect(answer.status == 206)
            #expect(answer.text == "Metadata-Version")
        }
    }
}
