// The packages that tests publish.

import Foundation
import Synchronization

/// A build back end, and what a small project of its kind looks like.
enum BuildBackend: String, CaseIterable, Sendable {
    case setuptools, hatchling, flit, poetry

    /// The distribution's name; the module's is the same with underscores.
    var projectName: String { "sample-\(rawValue)" }
    var moduleName: String { "sample_\(rawValue)" }

    fileprivate var buildSystem: String {
        let (requirement, entry) =
            switch self {
            case .setuptools: ("setuptools", "setuptools.build_meta")
            case .hatchling: ("hatchling", "hatchling.build")
            case .flit: ("flit_core >=3.11,<5", "flit_core.buildapi")
            case .poetry: ("poetry-core", "poetry.core.masonry.api")
            }
        return "[build-system]\nrequires = [\"\(requirement)\"]\nbuild-backend = \"\(entry)\"\n"
    }

    /// Writes the project's sources into a folder.
    func writeProject(to folder: TemporaryFolder, in name: String = ".", named project: String? = nil) throws {
        let project = project ?? projectName
        let module = project.replacingOccurrences(of: "-", with: "_")
        try folder.write(
            """
            \(buildSystem)
            [project]
            name = "\(project)"
            version = "1.0"
            description = "A sample made by \(rawValue)"
            readme = "README.md"
            requires-python = ">=3.8"
            license = "MIT"
            license-files = ["LICENSE"]
            keywords = ["sample", "\(rawValue)"]
            authors = [{ name = "Alice Åström", email = "alice@example.org" }]
            classifiers = ["Programming Language :: Python :: 3", "Operating System :: OS Independent"]
            # Never installed here, but said in as many ways as there are tools.
            dependencies = ["colorama >= 0.4, <1 ; sys_platform == 'never' and (python_version < '3')"]

            [project.optional-dependencies]
            test-extra = ["pytest>=7,<9; python_version >= '3.8'", "requests[socks] ~= 2.0"]
            docs = ["sphinx"]

            [project.urls]
            Homepage = "https://example.org/\(project)"

            [project.scripts]
            \(project) = "\(module):main"
            """,
            to: "\(name)/pyproject.toml"
        )
        try folder.write("# \(project)\n\nMade by *\(rawValue)*.\n", to: "\(name)/README.md")
        try folder.write("Do as you like.\n", to: "\(name)/LICENSE")
        try folder.write(Self.module(saying: project), to: "\(name)/\(module)/__init__.py")
    }

    private static func module(saying word: String) -> String {
        "\"\"\"A sample.\"\"\"\n\n__version__ = \"1.0\"\n\n\ndef main():\n    print(\"hello from \(word)\")\n"
    }
}

/// Distributions made with real tools, once per run.
final class SamplePackages: Sendable {
    private static let building = Mutex<Task<SamplePackages, any Error>?>(nil)

    /// Whoever asks first has them built.
    static var all: SamplePackages {
        get async throws {
            let task = building.withLock { task in
                let current = task ?? Task { try await SamplePackages() }
                task = current
                return current
            }
            return try await task.value
        }
    }

    /// Lets go of them, and so of their folder.
    static func forget() { building.withLock { $0 = nil } }

    private let folder: TemporaryFolder

    private init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let backends = try await Client("backends")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for backend in BuildBackend.allCases {
                group.addTask {
                    try backend.writeProject(to: folder, in: backend.rawValue)
                    try await backends.run(
                        "python",
                        ["-m", "build", "--no-isolation", "--outdir", folder.path("\(backend.rawValue)/dist"), folder.path(backend.rawValue)],
                        in: folder
                    )
                }
            }
            try await group.waitForAll()
        }
    }

    /// The paths of a back end's sdist and wheel.
    func distributions(of backend: BuildBackend) -> [String] {
        folder.contents(of: "\(backend.rawValue)/dist").map { folder.path("\(backend.rawValue)/dist/\($0)") }
    }

    /// Makes a wheel in no time: a module that says `says`, and `padding` random bytes beside it.
    ///
    /// - Returns: its path, in `folder`.
    static func wheel(
        _ project: String,
        _ version: String = "1.0",
        tags: String = "py3-none-any",
        requires: [String] = [],
        says: String = "hello",
        padding: Int = 0,
        into folder: TemporaryFolder,
        subfolder: String = "dist"
    ) async throws -> String {
        let arguments =
            [Repository.script("make_wheel.py"), folder.path(subfolder), project, version, tags, "--says", says, "--padding", String(padding)]
            + requires.flatMap { ["--requires", $0] }
        return try await Client("backends").run("python", arguments, in: folder).firstLine
    }
}
