// Storages on real servers.
import Foundation
import TestSupport

@testable import Backends

extension S3Timing {
    /// With pauses that nobody has to wait for.
    static let hasty = {
        var timing = S3Timing()
        (timing.overall, timing.silence) = (.seconds(60), .seconds(10))
        (timing.firstPause, timing.longestPause, timing.attempts) = (.milliseconds(5), .milliseconds(20), 4)
        return timing
    }()
}

extension S3Server {
    /// - Parameters:
    ///   - prefix: a folder of the bucket for this test alone.
    ///   - port: of a proxy in front of the server.
    func storage(
        prefix: String,
        bucket: String = S3Server.bucket,
        key: Key = owner,
        port: Int? = nil,
        preset: String? = nil,
        timing: S3Timing = S3Timing(),
        partBytes: Int64 = S3Storage.standardPartBytes,
        now: @escaping @Sendable () -> Int64 = S3Storage.systemTime
    ) throws -> S3Storage {
        S3Storage(
            try S3Location(location(prefix: prefix, bucket: bucket, port: port, preset: preset)),
            credentials: S3Credentials(accessKeyID: key.id, secretAccessKey: key.secret),
            timing: timing,
            partBytes: partBytes,
            now: now
        )
    }
}

/// A storage whose server is nobody but the proxy.
func scripted(
    _ proxy: FaultProxy,
    preset: String = "aws",
    region: String = "us-east-1",
    timing: S3Timing = .hasty,
    now: @escaping @Sendable () -> Int64 = S3Storage.systemTime
) throws -> S3Storage {
    S3Storage(
        try S3Location("s3://bucket?endpoint=http://127.0.0.1:\(proxy.port)&preset=\(preset)&style=path&region=\(region)"),
        credentials: S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "a-secret-nobody-may-see"),
        timing: timing,
        now: now
    )
}

func errorDocument(_ code: String, _ message: String = "Because.", _ more: String = "") -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message>\(more)</Error>"
}

/// The reason of a storage that can not be used; anything else is shown as it is.
func reason(_ body: () async throws -> some Any) async -> String {
    do {
        return "it worked: \(try await body())"
    } catch {
        if case .unavailable(let reason)? = error as? StorageError { return reason }
        return "\(error)"
    }
}

func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7 ^ $0 >> 15) } }
