// Steps that many of the tests take.

import Foundation
import Testing

extension LiveServer {
    /// What publishing clients read their credentials from.
    var twineEnvironment: [String: String] {
        ["TWINE_REPOSITORY_URL": uploadURL, "TWINE_USERNAME": "__token__", "TWINE_PASSWORD": token, "TWINE_NON_INTERACTIVE": "1"]
    }

    /// Publishes files with twine.
    @discardableResult
    func publish(_ files: [String], in folder: TemporaryFolder, expecting status: Int32? = 0) async throws -> CommandOutput {
        try await Client("twine").run(
            "twine",
            ["upload", "--disable-progress-bar"] + files,
            in: folder,
            environment: twineEnvironment,
            expecting: status
        )
    }

    /// Makes a wheel of a new project and publishes it.
    ///
    /// - Returns: the wheel's path.
    @discardableResult
    func publishWheel(_ project: String, _ version: String = "1.0", says: String = "hello", requires: [String] = [], in folder: TemporaryFolder)
        async throws
        -> String
    {
        let wheel = try await SamplePackages.wheel(project, version, requires: requires, says: says, into: folder)
        try await publish([wheel], in: folder)
        return wheel
    }

    /// Installs with pip into `site` and runs what was installed.
    ///
    /// - Returns: what the project's module says.
    @discardableResult
    func install(
        _ project: String,
        with pip: String = "pip",
        requirement: String? = nil,
        _ options: [String] = [],
        in folder: TemporaryFolder
    ) async throws -> String {
        let client = try await Client(pip)
        let arguments = ["-m", "pip", "install", "--index-url", simpleURL, "--target", folder.path("site")] + options + [requirement ?? project]
        try await client.run("python", arguments, in: folder)
        return try await run(project, with: client, in: folder)
    }

    /// Runs what was installed into `site`.
    func run(_ project: String, with client: Client, in folder: TemporaryFolder) async throws -> String {
        let module = project.replacingOccurrences(of: "-", with: "_")
        let output = try await client.run(
            "python",
            ["-c", "import \(module); \(module).main()"],
            in: folder,
            environment: ["PYTHONPATH": folder.path("site")]
        )
        return output.firstLine
    }
}

/// The lower-case hexadecimal SHA-256 of a file, by the system's own program.
func sha256(of file: String, in folder: TemporaryFolder) async throws -> String {
    let output = try await RunningCommand(["/usr/bin/sha256sum", file], in: folder.url, environment: [:]).finish(within: 30)
    return String(output.standardOutput.prefix(64))
}
