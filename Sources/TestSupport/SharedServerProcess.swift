// Servers that all tests of a process share.

import Foundation
import Glibc

/// A server that runs until this process is gone, however that ends: nobody stops what everybody uses.
package final class SharedServerProcess: Sendable {
    private let shell: ServerProcess
    /// One end of a pair of sockets, never written to: it closes with this process.
    private let lifeline: Int32

    /// - Parameters:
    ///   - arguments: the program's path, then its arguments.
    ///   - log: a file for all it says, made anew.
    ///   - folder: removed once the server has ended.
    package init(_ arguments: [String], environment: [String: String], log: String, removing folder: String) throws {
        var ends: [Int32] = [0, 0]
        // Closed in every other child, also in those of the code under test: one that outlives this process would keep the server alive.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw ProgramError(description: "no pair of sockets: \(errno)") }
        defer { close(ends[0]) }
        lifeline = ends[1]
        let script = "folder=$1; shift; \"$@\" </dev/null & server=$!; read -r line; kill -9 $server; wait $server 2>/dev/null; rm -rf \"$folder\""
        do {
            shell = try ServerProcess(["/bin/sh", "-c", script, "server", folder] + arguments, environment: environment, log: log, input: ends[0])
        } catch {
            close(ends[1])
            throw error
        }
    }

    deinit { close(lifeline) }

    package var output: String { shell.output }
}
