// Bodies that fit into memory.

import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the whole of a body that is never large.
enum SmallBody {
    /// How long one may take to arrive: the largest does at some kilobytes a second.
    private static let patience: Duration = .seconds(30)

    /// Why a body was not read.
    enum Fault: Error, Sendable {
        case tooLarge
        case tooSlow
        /// The connection broke, or what came over it is no HTTP body.
        case brokenOff
    }

    /// - Parameter limit: in bytes.
    /// - Throws: ``Fault``.
    static func read(_ request: WebRequest, limit: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw Fault.tooLarge }
        let body = request.body
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                var bytes: [UInt8] = []
                for try await chunk in body {
                    bytes += chunk.readableBytesView
                    guard bytes.count <= limit else { throw Fault.tooLarge }
                }
                return bytes
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            do {
                guard let bytes = try await group.next() ?? nil else { throw Fault.tooSlow }
                return bytes
            } catch let error where !(error is Fault) {
                throw Fault.brokenOff
            }
        }
    }
}
