// What a connection's last request said.

import Foundation

/// The head of a plain request but for its target: a client says the same with each of its requests.
struct LastHead {
    private(set) var request = PlainRequest(isHead: false)
    /// From the space behind the target to the end; empty before the first request.
    private var bytes: [UInt8] = []

    /// Longer ones are read each time: an idle connection should cost little.
    private static let longest = 1024

    /// - Parameter buffer: what the request was read from.
    mutating func remember(_ request: PlainRequest, in buffer: UnsafeRawBufferPointer) {
        let head = UnsafeRawBufferPointer(rebasing: buffer[request.target.upperBound...])
        guard head.count <= Self.longest, !isRepeated(by: head) else { return }
        self.request = request
        bytes = Array(head)
    }

    func isRepeated(by other: UnsafeRawBufferPointer) -> Bool { !bytes.isEmpty && bytes.isSame(as: other) }
}

extension [UInt8] {
    /// In one comparison of memory, which a loop over two collections is not.
    func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard count > 0, let start = other.baseAddress else { return true }
        return withUnsafeBytes { memcmp($0.baseAddress!, start, other.count) == 0 }
    }
}
