// Real servers that speak S3, as child processes.

import Foundation
import Glibc
import TestPrograms

/// A server with one bucket. One of each kind serves all tests of a process.
package final class S3Server: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Checks signatures, times, conditions and checksums as AWS does.
        case seaweedfs
        /// Has no conditions.
        case rclone
    }

    /// Someone who may ask.
    package struct Key: Sendable {
        package let id: String
        package let secret: String

        package init(id: String, secret: String) {
            self.id = id
            self.secret = secret
        }
    }

    /// May do everything.
    package static let owner = Key(id: "EMPORIUMOWNER", secret: "owner/secret+for+tests")
    /// May do everything with objects, but makes no buckets by using them. (SeaweedFS only.)
    package static let tenant = Key(id: "EMPORIUMTENANT", secret: "tenant/secret+for+tests")
    /// May only read. (SeaweedFS only.)
    package static let reader = Key(id: "EMPORIUMREADER", secret: "reader/secret+for+tests")
    package static let bucket = "packages"

    package let kind: Kind
    package let port: Int
    package var endpoint: String { "http://127.0.0.1:\(port)" }
    private let process: SharedServerProcess

    /// The text of a location in its bucket.
    package func location(prefix: String = "", bucket: String = bucket, port: Int? = nil, preset: String? = nil) -> String {
        let preset = preset ?? (kind == .seaweedfs ? "seaweedfs" : "plain")
        return "s3://\(bucket)/\(prefix)?endpoint=http://127.0.0.1:\(port ?? self.port)&preset=\(preset)"
    }

    /// The one of this kind, started by whoever asks first.
    package static func shared(_ kind: Kind) async throws -> S3Server { try await Starting.shared.server(kind) }

    private actor Starting {
        static let shared = Starting()
        private var tasks: [Kind: Task<S3Server, any Error>] = [:]

        func server(_ kind: Kind) async throws -> S3Server {
            // Also the failure is kept: it would be the same the next time, after as long a wait.
            let task = tasks[kind] ?? Task { try await S3Server(kind) }
            tasks[kind] = task
            return try await task.value
        }
    }

    private init(_ kind: Kind) async throws {
        self.kind = kind
        let python = try await PythonEnvironment.interpreter("s3", requirements: Self.requirements)
        let programs = URL(fileURLWithPath: python).deletingLastPathComponent().path
        var failure = ""
        // Another program may take one of the ports first.
        for _ in 1...3 {
            let folder = FileManager.default.temporaryDirectory.appending(path: "s3-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var ports: [Int] = []
            while ports.count < 8 {
                let port = try SparePort.find()
                if !ports.contains(port) { ports.append(port) }
            }
            let arguments = kind == .seaweedfs ? try Self.seaweed(programs, folder, ports) : try Self.rclone(programs, folder, ports[0])
            let process = try SharedServerProcess(
                arguments,
                environment: ["HOME": folder],
                log: "\(folder)/log",
                removing: folder
            )
            for _ in 0..<1000 {
                if await Self.isReady(kind, ports) {
                    (self.process, port) = (process, ports[0])
                    return
                }
                try await Task.sleep(for: .milliseconds(30))
            }
            failure = process.output
        }
        throw ProgramError(description: "\(kind.rawValue) did not start: \(failure.suffix(2000))")
    }

    private static let requirements = "Tests/BackendTests/s3-requirements.txt"

    private static func seaweed(_ programs: String, _ folder: String, _ ports: [Int]) throws -> [String] {
        let everything = #"["Admin","Read","Write","List","Tagging"]"#
        let identities = [(owner, everything), (tenant, #"["Read","Write","List"]"#), (reader, #"["Read","List"]"#)].map { key, actions in
            #"{"name":"\#(key.id)","credentials":[{"accessKey":"\#(key.id)","secretKey":"\#(key.secret)"}],"actions":\#(actions)}"#
        }
        try "{\"identities\":[\(identities.joined(separator: ","))]}".write(toFile: "\(folder)/s3.json", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: "\(folder)/data", withIntermediateDirectories: true)
        // Every port: the others would be those that SeaweedFS always takes.
        return [
            "\(programs)/weed", "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-dir=\(folder)/data", "-s3",
            "-s3.config=\(folder)/s3.json", "-s3.port=\(ports[0])", "-s3.port.grpc=\(ports[1])", "-s3.port.iceberg=0", "-s3.port.lance=0", "-filer",
            "-filer.port=\(ports[2])", "-filer.port.grpc=\(ports[3])", "-master.port=\(ports[4])", "-master.port.grpc=\(ports[5])",
            "-volume.port=\(ports[6])", "-volume.port.grpc=\(ports[7])", "-volume.max=20", "-master.volumeSizeLimitMB=64",
        ]
    }

    private static func rclone(_ programs: String, _ folder: String, _ port: Int) throws -> [String] {
        try FileManager.default.createDirectory(atPath: "\(folder)/data/\(bucket)", withIntermediateDirectories: true)
        return [
            "\(programs)/rclone", "serve", "s3", "--addr", "127.0.0.1:\(port)", "--auth-key", "\(owner.id),\(owner.secret)", "--config",
            "\(folder)/none", "\(folder)/data",
        ]
    }

    /// Whether it answers; and makes the bucket.
    private static func isReady(_ kind: Kind, _ ports: [Int]) async -> Bool {
        func ask(_ method: String, _ port: Int, _ target: String) async -> Int? {
            let text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            return try? await WebClient(port: port).exchange(Array(text.utf8)).first?.status
        }
        switch kind {
        case .rclone: return await ask("GET", ports[0], "/") != nil
        case .seaweedfs:
            guard await ask("GET", ports[0], "/") == 403 else { return false }
            // The folder of a bucket is the bucket.
            return await ask("POST", ports[2], "/buckets/\(bucket)/") == 201
        }
    }
}
