// Waiting that keeps no thread of Swift's pool.

import Foundation

/// Runs something that blocks on a thread of its own.
///
/// The pool has as many threads as the machine has processors, and what is under test needs them.
package func onThreadOfItsOwn<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result { try body() }) }
        thread.stackSize = 1 << 20
        thread.start()
    }
}
