// Real mail servers beside the tests.

import Backends
import Foundation
import Glibc
import TestPrograms

/// The servers of `mailserver.py`, one process for all tests. It ends with this process.
final class MailServer: Sendable {
    /// A mail that one of them has taken.
    struct Mail: Decodable, Sendable {
        let server: String
        /// The same for all mails of a connection.
        let connection: Int
        /// As the client called itself.
        let client: String
        let sender: String
        let recipients: [String]
        let content: Data
        let isEncrypted: Bool
        let isLoggedIn: Bool
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let started = Task { try await MailServer() }
    static var shared: MailServer { get async throws { try await started.value } }

    let folder: String
    let ports: [String: Int]
    private let process: ChildProcess

    var authority: String { "\(folder)/ca.pem" }

    private init() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mail-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let python = try await PythonEnvironment.interpreter("mail", requirements: "Tests/BackendTests/Mail/requirements.txt")
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "mailserver.py").path
        // The other end is this process's as long as it lives, and then nobody's.
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(errno)") }
        fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        let process = try ChildProcess(
            [python, program, folder],
            input: .descriptor(ends[0]),
            output: .file("\(folder)/ports"),
            errors: .file("\(folder)/errors")
        )
        close(ends[0])
        var ports: [String: Int]?
        try await Self.wait("the mail server has begun") {
            guard process.isRunning else { throw Failure(description: try String(contentsOfFile: "\(folder)/errors", encoding: .utf8)) }
            ports = try? JSONDecoder().decode([String: Int].self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/ports")))
            return ports != nil
        }
        self.folder = folder
        self.ports = ports ?? [:]
        self.process = process
    }

    /// The location of one of them.
    func location(
        _ name: String,
        scheme: String = "smtp",
        login: String = "",
        host: String = "127.0.0.1",
        starttls: String? = nil,
        isTrusted: Bool = true
    ) throws -> SMTPServer {
        var options = starttls.map { ["starttls=\($0)"] } ?? []
        if isTrusted, scheme == "smtps" || starttls ?? "none" != "none" { options.append("ca=\(authority)") }
        let query = options.isEmpty ? "" : "?" + options.joined(separator: "&")
        let port = ports[name] ?? 0
        guard port != 0, case .smtp(let server) = try MailLocation("\(scheme)://\(login)\(host):\(port)\(query)") else {
            throw Failure(description: "there is no server \(name)")
        }
        return server
    }

    /// What they have taken for a recipient.
    func mails(to recipient: String) throws -> [Mail] {
        guard let lines = try? String(contentsOfFile: "\(folder)/mails", encoding: .utf8) else { return [] }
        return try lines.split(separator: "\n").filter { $0.utf8.contains(recipient.utf8) }.map {
            try JSONDecoder().decode(Mail.self, from: Data($0.utf8))
        }.filter {
            $0.recipients.contains(recipient)
        }
    }

    static func wait(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < end else { throw Failure(description: "it did not happen in time: \(what)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

extension SMTPOptions {
    /// For a machine that is busy with other tests.
    static var patient: SMTPOptions {
        var options = SMTPOptions()
        options.clientName = "tests.example"
        return options
    }
}
