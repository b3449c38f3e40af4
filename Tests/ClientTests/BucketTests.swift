// Files in a bucket, with real clients.

import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct BucketTests {
    @Test(arguments: ["stream", "redirect"]) func `twine publishes into a bucket, and pip installs from it`(downloads: String) async throws {
        let bucket = try await S3Server.shared(.seaweedfs)
        let proxy = try FaultProxy(before: bucket.port) { _ in .pass }
        let settings = [
            "EMPORIUM_STORAGE_URL": bucket.location(prefix: UUID().uuidString, port: proxy.port), "EMPORIUM_STORAGE_DOWNLOADS": downloads,
            "AWS_ACCESS_KEY_ID": S3Server.tenant.id, "AWS_SECRET_ACCESS_KEY": S3Server.tenant.secret,
        ]
        let server = try await LiveServer(settings: settings)
        let folder = try TemporaryFolder()
        // Too large to be kept in memory, even compressed.
        let text = String((0..<110_000).map { _ in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".randomElement()! })
        let project = "bucket-\(downloads)"
        try await server.publishWheel(project, says: text, in: folder)
        #expect(try await server.install(project, in: folder) == text)
        let byPip = proxy.requests.filter { $0.method == "GET" && $0.headers["user-agent"]?.hasPrefix("pip/") == true }
        #expect(byPip.isEmpty == (downloads == "stream"))
        #expect(byPip.allSatisfy { $0.target.contains("X-Amz-Signature=") && $0.headers["authorization"] == nil })
        try await server.stop()
    }
}
