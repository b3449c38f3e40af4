// What the kernel is asked to make last before an upload counts. Killing a process can not show this: its writes survive it.

import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct SynchronizationTests {
    private static let strace = "/usr/bin/strace"

    /// One call of the trace, such as `fsync(28</folder/of/file>) = 0`.
    private struct Call {
        let name: String
        let text: String

        init?(_ line: Substring) {
            // "PID name(…"
            guard let space = line.firstIndex(of: " "), let bracket = line.firstIndex(of: "("), space < bracket else { return nil }
            name = line[line.index(after: space)..<bracket].trimmingCharacters(in: .whitespaces)
            text = String(line)
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: strace), "strace is not installed"))
    func `content, metadata and every folder are synchronized between the note of the path and the commit that makes the file visible`() async throws
    {
        try await CrashSite.run(.sqlite) { site in
            let trace = "\(site.folder)/trace"
            let calls = "trace=fsync,fdatasync,linkat"
            // Without a worker, whose commits would look the same.
            let server = try await site.start(["--no-worker"], under: [Self.strace, "-D", "-f", "-y", "-s", "300", "-e", calls, "-o", trace])
            let before = try String(contentsOfFile: trace, encoding: .utf8).utf8.count
            let upload = UploadBuilder.wheel("demo", "1.0")
            #expect(try await server.upload(upload).status == 200)
            try await server.stop()

            let text = try String(contentsOfFile: trace, encoding: .utf8).utf8.dropFirst(before)
            let all = String(decoding: Array(text), as: UTF8.self).split(separator: "\n").compactMap(Call.init)
            let commits = all.indices.filter { all[$0].text.contains("emporium.sqlite-wal>") }
            // One for the note of the path, one for the record.
            try #require(commits.count >= 2)
            let between = all[commits[0]...commits[1]]
            func position(after start: Int, _ what: String, _ matches: (Call) -> Bool) throws -> Int {
                try #require(between.indices.first { $0 > start && matches(between[$0]) }, "no \(what) before the commit")
            }
            let path = CrashServer.path(of: upload).dropFirst("/packages/".count).split(separator: "/").map(String.init)
            let folders = [
                "files/\(path[0])/\(path[1])/\(path[2])>", "files/\(path[0])/\(path[1])>", "files/\(path[0])>", "/files>",
            ]
            var last = commits[0]
            // The folders above the file's own last already when the metadata follows.
            for (name, folders) in [(path[3], folders), (path[3] + ".metadata", Array(folders.prefix(1)))] {
                last = try position(after: last, "fsync of \(name)") { $0.name == "fsync" && $0.text.contains(".part>") }
                last = try position(after: last, "link of \(name)") { $0.name == "linkat" && $0.text.contains("\"\(name)\"") }
                for folder in folders {
                    last = try position(after: last, "fsync of \(folder)") { $0.name == "fsync" && $0.text.contains(folder) }
                }
            }
        }
    }
}
