// What the library's errors mean to whoever asked.

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix

extension HTTPFetchError {
    /// - Parameters:
    ///   - timeout: how long the answer was waited for.
    ///   - limit: the most bytes it may have had.
    init(_ error: any Error, within timeout: Duration, limit: Int) {
        switch error {
        case let error as HTTPFetchError: self = error
        case is CancellationError: self = .cancelled
        case is NIOTooManyBytesError: self = .tooLarge(limit: limit)
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timedOut(timeout)
            case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: self = .notConnected(error.shortDescription)
            case .invalidURL, .emptyHost, .emptyScheme: self = .invalidRequest(error.shortDescription)
            case .cancelled: self = .cancelled
            // The short text: the long one may repeat what was sent.
            default: self = .interrupted(error.shortDescription)
            }
        case let error as NIOConnectionError: self = .notConnected("\(error)")
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .notConnected(String(cString: strerror(error.errnoCode)))
        case let error as IOError: self = .interrupted(String(cString: strerror(error.errnoCode)))
        // What is no HTTP, a certificate that is not accepted.
        default: self = .interrupted("\(error)")
        }
    }
}

extension Duration {
    /// The duration in whole nanoseconds.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
