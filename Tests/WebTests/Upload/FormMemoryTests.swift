// What is kept of a form while it streams in.

import Backends
import Foundation
import Registry
import Testing

@testable import Web

@Suite struct FormMemoryTests {
    private func collect(_ parts: [(name: String, value: String, isFile: Bool)], allowance: Int64) throws -> FormCollector {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emporium-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var collector = FormCollector(allowance: UploadAllowance(fileSize: allowance), temporaryFiles: try TemporaryFiles(folder: folder))
        var parser = MultipartParser(boundary: "b")
        for part in parts {
            let file = part.isFile ? "; filename=\"x\"" : ""
            let text = "--b\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n\(part.value)\r\n"
            try parser.consume(Array(text.utf8)[...]) { try collector.take($0) }
        }
        try parser.consume(Array("--b--\r\n".utf8)[...]) { try collector.take($0) }
        try parser.finish()
        return collector
    }

    private func kept(_ form: UploadedForm) -> Int {
        form.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } + form.misplacedFiles.reduce(0) { $0 + $1.utf8.count }
    }

    // Finding 5: ten thousand names of 16 kB were 150 MB for each connection, without credentials.
    @Test func `of a stranger's form nothing is kept but what the refusal needs, however many names it has`() throws {
        let long = String(repeating: "n", count: 15_900)
        var parts = (0..<5_000).map { (name: "\(long)\($0)", value: "", isFile: false) }
        parts += (0..<4_000).map { (name: "\(long)\($0)", value: "", isFile: true) }
        parts += (0..<500).map { (name: "field\($0)", value: String(repeating: "v", count: 1_000), isFile: false) }
        parts += [
            (":action", "file_upload", false), (":action", "file_upload", false), ("protocol_version", String(repeating: "1", count: 5_000), false),
        ]
        let collector = try collect(parts, allowance: 0)
        #expect(collector.form.fields.map(\.name) == [":action"])
        #expect(collector.form.misplacedFiles.count == 1)
        #expect(kept(collector.form) < 1_000 && collector.keptBytes < 1_000)
    }

    @Test func `of a publisher's form names and parts count beside the values, and all together have one limit`() throws {
        let some = try collect((0..<100).map { ("classifiers", "value \($0)", false) }, allowance: 1 << 20)
        #expect(some.form.fields.count == 100)
        #expect(some.keptBytes >= kept(some.form) + 100 * UploadReader.partOverhead)
        // A name that is no field's is passed over.
        let long = try collect([(String(repeating: "n", count: 101), "x", false), ("name", "demo", false)], allowance: 1 << 20)
        #expect(long.form.fields.map(\.name) == ["name"])
        let value = String(repeating: "v", count: 2_000)
        let error = #expect(throws: Rejection.self) {
            _ = try collect((0..<5_000).map { ("classifiers", "\($0) \(value)", false) }, allowance: 1 << 20)
        }
        #expect(error?.reason == .tooLarge)
    }
}
