// Releases with an inside of a test's own.

import Backends
import Registry
import SQLDatabase
import TestSupport
import Testing

extension Site {
    /// A wheel's members, as `DistributionBuilder` makes them or not at all.
    typealias Members = [(path: String, content: String)]

    /// Publishes a wheel, then puts an archive with these members in its place, whatever a publish would have said of them. Nobody has looked into it yet.
    ///
    /// - Parameter change: to the bytes of the archive.
    func publish(_ name: String, _ version: String, holding members: Members, change: (inout [UInt8]) -> Void = { _ in }) async throws {
        let upload = UploadBuilder.wheel(name, version)
        try await publish(upload)
        var zip = ZipWriter()
        for (path, content) in members { zip.add(path, content) }
        var bytes = zip.finished()
        change(&bytes)
        let path = try #require(
            try await test.db.query("SELECT path FROM files WHERE filename = \(upload.filename)").first.map { try StoragePath($0["path"]) }
        )
        try await test.storage.delete(path)
        try await test.storage.put(bytes, at: path)
    }

    /// Publishes a wheel with these members, and looks into it.
    func publishMade(_ name: String, _ version: String, _ members: Members, headers: [String] = []) async throws {
        var distribution = DistributionBuilder(name, version)
        distribution.headers = headers
        distribution.members = members.map { ($0.path, Array($0.content.utf8)) }
        try await publish(UploadBuilder(name, version, file: distribution.wheel()))
        try await test.runJobs()
    }

    func page(_ path: String, _ headers: KeyValuePairs<String, String> = ["Accept": "text/html"]) async throws -> RawResponse {
        try await client.get(path, headers)
    }
}

extension [UInt8] {
    /// Overwrites four bytes, so many before or behind each place where `text` stands.
    mutating func put(_ number: UInt32, at distance: Int, from text: String) {
        let word = Array(text.utf8)
        for start in indices where self[start...].starts(with: word) {
            guard indices.contains(start + distance), indices.contains(start + distance + 3) else { continue }
            for byte in 0..<4 { self[start + distance + byte] = UInt8(truncatingIfNeeded: number >> (8 * UInt32(byte))) }
        }
    }
}
