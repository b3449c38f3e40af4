// Files in a bucket, as an operator meets them.

import Foundation
import TestSupport
import Testing

struct BucketTests {
    private func check(_ location: String, _ key: S3Server.Key, in folder: String) async throws -> ProgramResult {
        let environment = ["EMPORIUM_STORAGE_URL": location, "AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret]
        return try await Program.run("check", in: folder, environment: environment)
    }

    @Test func `check tells whether the bucket can be used, and why not`() async throws {
        let server = try await S3Server.shared(.seaweedfs)
        try await withFolder { folder in
            let good = try await check(server.location(prefix: UUID().uuidString), S3Server.tenant, in: folder)
            #expect(good.status == 0, "\(good.output) \(good.errors)")
            #expect(good.outputLines.contains { $0.hasPrefix("file storage") && $0.contains("answers") && $0.contains("s3://") })
            for (location, key, reason) in [
                (server.location(prefix: "x"), S3Server.Key(id: S3Server.tenant.id, secret: "hidden-and-wrong"), "AWS_SECRET_ACCESS_KEY"),
                (server.location(prefix: "x"), S3Server.Key(id: "NOBODY", secret: "hidden-and-wrong"), "AWS_ACCESS_KEY_ID"),
                (server.location(bucket: "missing-bucket"), S3Server.tenant, "there is no bucket missing-bucket"),
                (server.location(prefix: UUID().uuidString), S3Server.reader, "may not do this"),
            ] {
                let bad = try await check(location, key, in: folder)
                #expect(bad.status == 1)
                let line = bad.outputLines.first { $0.hasPrefix("file storage") } ?? ""
                #expect(line.contains("FAILS") && line.contains(reason), "\(bad.output)")
                for secret in ["hidden-and-wrong", S3Server.tenant.secret] { #expect(!(bad.output + bad.errors).contains(secret)) }
            }
        }
    }

    @Test func `without a key nothing starts, and what is missing is named`() async throws {
        try await withFolder { folder in
            let environment = ["EMPORIUM_STORAGE_URL": "s3://bucket", "HOME": folder]
            let result = try await Program.run("serve", "--port", "0", in: folder, environment: environment)
            #expect(result.status == 1 && result.errors.contains("EMPORIUM_STORAGE_URL") && result.errors.contains("AWS_ACCESS_KEY_ID"))
        }
    }
}
