// What a member of a distribution is for, as its path tells.

/// The kind of a member. The raw values are stored.
public enum MemberKind: String, Sendable, Hashable, CaseIterable {
    /// Source, stubs and byte code.
    case python = "p"
    /// What tools read: `.dist-info`, `.egg-info`, `PKG-INFO`, `pyproject.toml`…
    case metadata = "m"
    case license = "l"
    /// What the system's loader takes: extension modules, shared libraries, programs.
    case nativeLibrary = "n"
    /// A `.pth` in the folder where Python reads them at every start: it adds to the path, and its `import` lines are run.
    case pathConfiguration = "t"
    /// Anything else that runs at every start: `sitecustomize`, `usercustomize`, and `.start` files (PEP 829).
    case startupHook = "h"
    /// What becomes a command, or is a shell's.
    case script = "s"
    case data = "d"

    /// Whether it runs, or can run, whenever Python starts.
    public var runsAtStart: Bool { self == .pathConfiguration || self == .startupHook }

    /// What is listed first when not everything can be.
    var priority: Int {
        switch self {
        case .pathConfiguration, .startupHook: 0
        case .script, .metadata, .license: 1
        case .nativeLibrary: 2
        case .python: 3
        case .data: 4
        }
    }
}

/// Where a member comes to lie once it is installed.
struct MemberPlace {
    typealias Part = Substring

    let kind: MemberKind
    /// Its path below the folder that Python imports from; nil for what goes elsewhere.
    let importPath: [Part]?

    init(_ path: String, format: DistributionContents.Format) {
        let parts = Self.parts(of: path)
        switch format {
        case .wheel: self.init(wheel: parts)
        case .sourceDistribution: self.init(source: parts.dropFirst())
        }
    }

    /// By bytes: to find characters in long paths takes much longer.
    static func parts(of path: String) -> [Part] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Part($0) }.filter { $0 != "." }
    }

    private init(kind: MemberKind, importPath: [Part]? = nil) {
        self.kind = kind
        self.importPath = importPath
    }

    private init(wheel parts: [Part]) {
        let top = parts.first?.lowercased() ?? ""
        if top.hasSuffix(".dist-info") {
            let isLicense = parts.count > 2 && (parts[1] == "licenses" || parts[1] == "license_files") || Self.isLicense(parts.last ?? "")
            self.init(kind: isLicense ? .license : .metadata)
        } else if top.hasSuffix(".data"), parts.count > 2 {
            // PEP 427; installers fold case here on some systems.
            switch parts[1].lowercased() {
            case "purelib", "platlib": self.init(installed: Array(parts[2...]))
            case "scripts": self.init(kind: .script)
            default:
                // Below the environment, where the import folder has a name of its own on every system.
                let folder = parts.lastIndex { ["site-packages", "dist-packages"].contains($0.lowercased()) }
                if let folder, folder + 1 < parts.count {
                    self.init(installed: Array(parts[(folder + 1)...]))
                } else {
                    self.init(kind: Self.kind(ofFile: parts.last ?? ""))
                }
            }
        } else {
            self.init(installed: parts)
        }
    }

    private init(source parts: ArraySlice<Part>) {
        let name = parts.last ?? ""
        let isTop = parts.count == 1
        if isTop && Self.sourceMetadata.contains(String(name)) || parts.dropLast().contains(where: { $0.hasSuffix(".egg-info") }) {
            self.init(kind: .metadata)
        } else if isTop, ["setup.py", "conftest.py", "noxfile.py", "tasks.py", "fabfile.py", "build.py"].contains(name) {
            self.init(kind: .python)
        } else if parts.first == "src", parts.count > 1 {
            self.init(installed: Array(parts.dropFirst()))
        } else if let first = parts.first, parts.count > 1, Self.besideTheProject.contains(first.lowercased()) {
            let kind = Self.kind(ofFile: name)
            self.init(kind: kind == .data && ["bin", "scripts"].contains(first) ? .script : kind)
        } else {
            self.init(installed: Array(parts))
        }
    }

    /// - Parameter parts: below the folder that Python imports from.
    private init(installed parts: [Part]) {
        let name = parts.last ?? ""
        let kind = Self.kind(ofFile: name)
        let module = parts.first?.prefix { $0 != "." }.lowercased() ?? ""
        if parts.count == 1, name.lowercased().hasSuffix(".pth") {
            self.init(kind: .pathConfiguration, importPath: parts)
        } else if parts.count == 1, name.lowercased().hasSuffix(".start") {
            self.init(kind: .startupHook, importPath: parts)
        } else if ["sitecustomize", "usercustomize"].contains(module), parts.count > 1 || kind == .python || kind == .nativeLibrary {
            self.init(kind: .startupHook, importPath: parts)
        } else {
            self.init(kind: kind, importPath: parts)
        }
    }

    private static func kind(ofFile name: Part) -> MemberKind {
        if isLicense(name) { return .license }
        let name = name.lowercased()
        guard let stop = name.lastIndex(of: ".") else { return .data }
        switch name[name.index(after: stop)...] {
        case "py", "pyi", "pyw", "pyc", "pyo", "pyx", "pxd": return .python
        case "so", "pyd", "dll", "dylib", "exe", "sl": return .nativeLibrary
        case "sh", "bash", "zsh", "fish", "csh", "bat", "cmd", "ps1": return .script
        // libx.so.1.2
        default: return name.contains(".so.") && name.last?.isNumber == true ? .nativeLibrary : .data
        }
    }

    private static func isLicense(_ name: Part) -> Bool {
        let name = name.lowercased()
        let stem = name.prefix { $0.isLetter }
        guard ["license", "licence", "licenses", "copying", "notice", "unlicense"].contains(String(stem)) else { return false }
        return ![".py", ".pyi", ".pyc", ".so", ".pyd"].contains { name.hasSuffix($0) }
    }

    private static let sourceMetadata: Set<String> = [
        "PKG-INFO", "pyproject.toml", "setup.cfg", "MANIFEST.in", "MANIFEST", "requirements.txt", "tox.ini", "Cargo.toml", "meson.build",
        "CMakeLists.txt",
    ]
    /// Folders of a source distribution that are seldom installed.
    private static let besideTheProject: Set<String> = [
        "bench", "benchmark", "benchmarks", "bin", "build", "ci", "contrib", "demo", "demos", "doc", "docs", "example", "examples", "script",
        "scripts", "test", "testing", "tests", "tools",
    ]
}
