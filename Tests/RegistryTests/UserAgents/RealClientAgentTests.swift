import Foundation
import TestPrograms
import Testing

@testable import Registry

/// What today's clients say of themselves, in their own words.
@Suite struct RealClientAgentTests {
    private static let recorder = """
        import http.server, subprocess, sys, threading
        agents = []
        class Recorder(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                agents.append(self.headers.get("User-Agent"))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(403)
                self.end_headers()
            do_POST = do_GET
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        ended = subprocess.run([word.replace("URL", address) for word in sys.argv[1:]], capture_output=True, text=True)
        print(agents[0] if agents else ended.stderr)
        """

    @Test(arguments: [
        ("pip", ["-m", "pip", "download", "--isolated", "--no-deps", "--index-url", "URLsimple/", "nonesuch"]),
        ("uv", ["-m", "uv", "--no-config", "--no-cache", "pip", "install", "--dry-run", "--index-url", "URLsimple/", "nonesuch"]),
    ])
    func `installers are known with their Python and system`(name: String, arguments: [String]) async throws {
        let python = try await PythonEnvironment.interpreter(name, requirements: "Tests/ClientTests/clients/\(name).txt")
        // Of this machine's settings nothing, above all not that it is one of continuous integration.
        let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "VIRTUAL_ENV": python.replacingOccurrences(of: "/bin/python", with: "")]
        let header = try await ChildProcess.run([python, "-c", Self.recorder, python] + arguments, environment: environment).succeeded().text
        let agent = UserAgent(header.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(agent.kind == .tool, "\(header)")
        #expect(agent.name == name)
        #expect(agent.implementation == "CPython")
        #expect(agent.system == "Linux")
        #expect(agent.isInContinuousIntegration == false)
        #expect(agent.words.hasPrefix("\(name) "))
        #expect(agent.python?.split(separator: ".").count == 3)
    }

    @Test func `twine is known with its Python`() async throws {
        let python = try await PythonEnvironment.interpreter("twine", requirements: "Tests/ClientTests/clients/twine.txt")
        let folder = FileManager.default.temporaryDirectory.appending(path: "agents-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let wheel = folder.appending(path: "demo-1.0-py3-none-any.whl").path
        let makeWheel = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w") as wheel:
                wheel.writestr("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n")
                wheel.writestr("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr("demo-1.0.dist-info/RECORD", "")
            """
        _ = try await ChildProcess.run([python, "-c", makeWheel, wheel]).succeeded()
        let command = [python, "-m", "twine", "upload", "--non-interactive", "--repository-url", "URLlegacy/", "-u", "a", "-p", "b", wheel]
        let environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
        let header = try await ChildProcess.run([python, "-c", Self.recorder] + command, environment: environment).succeeded().text
        let agent = UserAgent(header.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(agent.name == "twine", "\(header)")
        #expect(agent.implementation == "CPython")
        #expect(agent.words.hasPrefix("twine "))
    }
}
