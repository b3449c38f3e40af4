import Foundation
import NIOCore

/// How many processors this process may run on.
enum ProcessorCount {
    /// One event loop each: more would only take turns. NIO itself counts the machine's processors, also those that are not ours to use.
    static func useForEventLoops() {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8), let count = allowed(in: status) else { return }
        NIOSingletons.groupLoopCountSuggestion = count
    }

    /// - Parameter status: what the kernel says about a process (proc(5)); the processors are a hexadecimal mask, in groups of eight digits.
    static func allowed(in status: String) -> Int? {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
        let count = line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        return count > 0 ? count : nil
    }
}
