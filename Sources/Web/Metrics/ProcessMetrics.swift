// What the system says about this process, under the names that every Prometheus library uses.

import Dispatch
import Foundation

/// Reads `/proc/self`; what can not be read is left out.
enum ProcessMetrics {
    static func write(to text: inout MetricsText) {
        // In microseconds, as POSIX wants it.
        text.only("process_cpu_seconds_total", .counter, "Processor time that this process has used.", Double(clock()) / 1e6)
        let pages = (read("/proc/self/statm") ?? "").split(separator: " ").compactMap { Double($0) }
        if pages.count >= 2 {
            let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
            text.only("process_virtual_memory_bytes", .gauge, "Address space of this process.", pages[0] * pageSize)
            text.only("process_resident_memory_bytes", .gauge, "Memory that this process holds.", pages[1] * pageSize)
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            // One of them is the listing's own.
            text.only("process_open_fds", .gauge, "Open files and sockets.", Double(max(0, descriptors.count - 1)))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.only("process_max_fds", .gauge, "How many files and sockets may be open.", Double(limit.rlim_cur))
        }
        if let start { text.only("process_start_time_seconds", .gauge, "When this process was started, in seconds since 1970.", start) }
    }

    /// The start is told in ticks since the machine's own.
    private static let start: Double? = {
        let boot = read("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
        // The program's name, in parentheses, may hold anything.
        let fields = read("/proc/self/stat").flatMap { $0.split(separator: ")").last }?.split(separator: " ") ?? []
        guard let boot, fields.count > 19, let ticks = Double(fields[19]) else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()

    private static func read(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
