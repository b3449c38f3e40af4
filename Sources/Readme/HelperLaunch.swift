// How a helper process is started: which program, in which environment, with which script.

import Subprocess
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

struct HelperLaunch: Sendable {
    /// What the operator named, for messages.
    let python: String
    let configuration: Configuration

    /// The helper's program. It travels through standard input, so that a process listing stays readable.
    let script: [UInt8] = PackageResources.render_py

    init(python: String, limits: RendererLimits) {
        self.python = python
        configuration = Configuration(
            executable: python.utf8.contains(UInt8(ascii: "/")) ? .path(Self.absolutePath(python)) : .name(python),
            // -I: nothing from the environment, the user's folder or the working directory is imported. -B: nothing is written beside it.
            arguments: [
                "-I", "-B", "-X", "utf8", "-c", "import sys; exec(sys.stdin.buffer.read(int(sys.argv[1])))",
                String(script.count), String(limits.memory), String(limits.seconds), String(limits.answerSize),
            ],
            environment: .custom(Self.environment),
            workingDirectory: "/"
        )
        // Writing to a helper that has died must fail, not end the server. A server ignores the signal anyway.
        signal(SIGPIPE, SIG_IGN)
    }

    /// What finds an interpreter (`python3` is a script of a version manager on many machines), and nothing that may be secret.
    private static var environment: [Environment.Key: String] {
        var values: [Environment.Key: String] = ["LC_ALL": "C.UTF-8"]
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
            if let value = getenv(name) { values[Environment.Key(stringLiteral: name)] = String(cString: value) }
        }
        return values
    }

    /// Relative to the server's working directory, which the helper leaves.
    private static func absolutePath(_ path: String) -> FilePath {
        let path = FilePath(path)
        guard path.isRelative, let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return FilePath(platformString: folder).pushing(path)
    }
}
