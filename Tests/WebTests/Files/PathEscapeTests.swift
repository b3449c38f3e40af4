// Paths that try to leave the storage (index §6.3).

import Backends
import Foundation
import Registry
import SQLDatabase
import TestSupport
import Testing

struct PathEscapeTests {
    private static let secret = "the-content-outside"

    // index §6.3
    @Test func `no path leads out of the storage folder, nor to what publishing did not make`() async throws {
        try await TestIndex.run { test in
            try await test.user()
            let root = "\(test.folder)/files"
            let disk = try DiskStorage(root: root)
            try await test.publish(.wheel("demo", "1.0"), token: test.token())
            let path = try #require(try await test.storage.list().first { !$0.text.hasSuffix(".metadata") })
            try await disk.put(try await test.storage.bytes(at: path, limit: 1 << 20), at: path)

            let manager = FileManager.default
            let outside = "\(test.folder)/outside"
            try manager.createDirectory(atPath: outside, withIntermediateDirectories: true)
            try Self.secret.write(toFile: "\(outside)/demo.whl", atomically: true, encoding: .utf8)
            try Self.secret.write(toFile: "\(root)/plain.txt", atomically: true, encoding: .utf8)
            // A link to a file and one to a folder, both where a path of the right shape finds them.
            let hash = String(repeating: "a", count: 60)
            try manager.createDirectory(atPath: "\(root)/aa/aa/\(hash)", withIntermediateDirectories: true)
            try manager.createSymbolicLink(atPath: "\(root)/aa/aa/\(hash)/demo.whl", withDestinationPath: "\(outside)/demo.whl")
            try manager.createDirectory(atPath: "\(root)/bb/bb", withIntermediateDirectories: true)
            try manager.createSymbolicLink(atPath: "\(root)/bb/bb/\(hash)", withDestinationPath: outside)
            try manager.createSymbolicLink(atPath: "\(root)/cc", withDestinationPath: test.folder)
            try manager.createDirectory(atPath: "\(root)/dd/dd/\(hash)/demo.whl", withIntermediateDirectories: true)

            let folder = path.text.split(separator: "/").dropLast().joined(separator: "/")
            let name = path.text.split(separator: "/").last ?? ""
            let paths = [
                "/packages/../outside/demo.whl", "/packages/%2e%2e/outside/demo.whl", "/packages/..%2foutside%2fdemo.whl",
                "/packages/%2e%2e%2foutside%2fdemo.whl",
                "/packages/aa/aa/\(hash)/../../../../outside/demo.whl", "/packages/aa/aa/\(hash)/..%2f..%2f..%2f..%2foutside%2fdemo.whl",
                "/packages/aa/aa/\(hash)/%2e%2e/demo.whl", "/packages/../../../../../../etc/passwd",
                "/packages/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "/packages//etc/passwd", "/packages/%2fetc%2fpasswd", "/packages///etc/passwd", "//packages/\(path.text)", "/packages//\(path.text)",
                "/packages/\(folder)//\(name)", "/packages/\(folder)/./\(name)", "/packages/./\(path.text)", "/packages/\(folder)/x/../\(name)",
                "/packages/\(path.text)%00", "/packages/\(path.text)%00.whl", "/packages/\(folder)/%00",
                "/packages/aa/aa/\(hash)/..\\..\\..\\outside\\demo.whl",
                "/packages/aa%5caa%5c\(hash)%5cdemo.whl", "/packages/plain.txt", "/packages/.incoming/x", "/packages/", "/packages/\(folder)",
                "/packages/\(folder)/",
                "/packages/aa/aa/\(hash)/demo.whl", "/packages/bb/bb/\(hash)/demo.whl", "/packages/cc/outside/demo.whl",
                "/packages/cc/cc/\(hash)/demo.whl",
                "/packages/dd/dd/\(hash)/demo.whl", "/packages/dd/dd/\(hash)/demo.whl/", "/packages/\(folder.uppercased())/\(name)",
                "/packages/\(path.text)/",
                "/packages/%252e%252e/outside/demo.whl", "/packages/\u{FF0E}\u{FF0E}/outside/demo.whl", "/packages/%c0%ae%c0%ae/outside/demo.whl",
                "/packages/\(folder)/.hidden", "/packages/\(folder)/\(String(repeating: "n", count: 300))",
                "/packages/\(String(repeating: "a/", count: 2000))x",
            ]
            try await test.serve(index: test.index(storage: disk)) { client in
                #expect(try await client.get("/packages/\(path.text)").status == 200)
                for target in paths {
                    let answer = try await client.get(target)
                    #expect([400, 404].contains(answer.status), "\(target): \(answer.statusLine)")
                    #expect(!answer.text.contains(Self.secret) && !answer.text.contains("root:"), "\(target)")
                    // Nothing about this machine either.
                    #expect(!answer.text.contains(test.folder), "\(target)")
                }
                #expect(try await client.get("/_health/").status == 200)
            }
        }
    }
}
