// A real nginx or HAProxy, with the settings of `deploy/`.

import Foundation
import TestPrograms
import TestSupport

/// A proxy before two processes.
final class FrontServer: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case nginx
        case haproxy
    }

    let port: Int
    let tlsPort: Int
    /// For clients that check who answers.
    let certificate: String
    private let process: ServerProcess

    /// - Parameter ports: where the processes listen.
    init(_ kind: Kind, before ports: (Int, Int), in folder: String) async throws {
        (port, tlsPort) = (try SparePort.find(), try SparePort.find())
        let base = "\(folder)/\(kind.rawValue)"
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        certificate = "\(base)/certificate.pem"
        try await ServerProcess.run(
            [
                "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                "/CN=packages.example.org", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(base)/certificate.pem.key", "-out", certificate,
            ],
            log: "\(base)/openssl.log"
        )
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let name = kind == .nginx ? "nginx.conf" : "haproxy.cfg"
        var settings = try String(contentsOf: root.appending(path: "deploy/\(name)"), encoding: .utf8)
        /// Only what the sample tells its readers to change, and a way in without TLS.
        func change(_ old: String, _ new: String) throws {
            guard settings.contains(old) else { throw ProgramError(description: "deploy/\(name) has no more \(old)") }
            settings = settings.replacingOccurrences(of: old, with: new)
        }
        try change("127.0.0.1:8081", "127.0.0.1:\(ports.0)")
        try change("127.0.0.1:8082", "127.0.0.1:\(ports.1)")
        let command: [String]
        switch kind {
        case .nginx:
            try change("listen 443 ssl;", "listen 127.0.0.1:\(port);\n    listen 127.0.0.1:\(tlsPort) ssl;")
            try change("/etc/ssl/packages.example.org.pem", certificate)
            try change("/etc/ssl/packages.example.org.key", "\(certificate).key")
            try settings.write(toFile: "\(base)/emporium.conf", atomically: true, encoding: .utf8)
            let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(base)/\($0);" }.joined(separator: "\n")
            // Its processes must be able to write below the test's folder.
            try """
            \(getuid() == 0 ? "user root;" : "")
            daemon off;
            pid \(base)/pid;
            error_log stderr;
            events {}
            http {
            access_log off;
            \(paths)
            include \(base)/emporium.conf;
            }
            """.write(toFile: "\(base)/nginx.conf", atomically: true, encoding: .utf8)
            command = ["/usr/sbin/nginx", "-p", base, "-e", "stderr", "-c", "\(base)/nginx.conf"]
        case .haproxy:
            try change(
                "bind :443 ssl crt /etc/ssl/packages.example.org.pem",
                "bind 127.0.0.1:\(port)\n    bind 127.0.0.1:\(tlsPort) ssl crt \(certificate)"
            )
            try settings.write(toFile: "\(base)/haproxy.cfg", atomically: true, encoding: .utf8)
            command = ["/usr/sbin/haproxy", "-db", "-f", "\(base)/haproxy.cfg"]
        }
        process = try ServerProcess(command, log: "\(base)/log")
        while process.isRunning, !SparePort.isTaken(port) { try await Task.sleep(for: .milliseconds(10)) }
        guard process.isRunning else { throw ProgramError(description: "\(kind) did not start: \(process.output)") }
    }

    var output: String { process.output }

    func stop() async throws { try await process.stop() }
}
