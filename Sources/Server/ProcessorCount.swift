import Foundation
import NIOCore

/// How many processors this process may run on.
enum ProcessorCount {
    /// One event loop each: more would only take turns. NIO itself counts the machine's processors, also those that are not ours to use.
    static func useForEventLoops() {
        var set = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return }
        let count = withUnsafeBytes(of: set) { bytes in bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
        if count > 0 { NIOSingletons.groupLoopCountSuggestion = count }
    }
}
