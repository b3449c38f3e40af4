// Will it install for me?

/// Which wheels of a release serve which Python on which machine, as a person asks it: not every tag, but the ones people have.
public struct WheelMatrix: Sendable, Hashable {
    /// A kind of machine.
    public enum Machine: String, Sendable, Hashable, CaseIterable {
        case linuxX86 = "Linux x86-64"
        case linuxARM = "Linux arm64"
        case muslX86 = "musl x86-64"
        case muslARM = "musl arm64"
        case macIntel = "macOS Intel"
        case macARM = "macOS arm64"
        case windowsX86 = "Windows x64"
        case windowsARM = "Windows arm64"
    }

    /// How a release comes to a machine.
    public enum Answer: Sendable, Hashable {
        /// By a wheel that is made for it, or for all.
        case wheel
        /// It has to be built there.
        case source
        case nothing
    }

    /// Minor versions of CPython 3, in order.
    public static let pythons = Array(11...15)

    private let wheels: [WheelTagSet]
    private let hasSource: Bool
    private let requiresPython: VersionSpecifierSet

    /// - Parameters:
    ///   - filenames: of a release's files.
    ///   - requiresPython: what the release says; what can not be read excludes nothing.
    public init(filenames: [String], requiresPython: String?) {
        wheels = filenames.filter { $0.hasSuffix(".whl") }.compactMap { try? WheelFilename($0).tags }.filter { $0.count <= 1000 }
        hasSource = filenames.contains { !$0.hasSuffix(".whl") }
        self.requiresPython = requiresPython.flatMap { try? VersionSpecifierSet($0) } ?? .any
    }

    /// Whether one file serves everybody, so that there is nothing to tell apart.
    public var isUniversal: Bool { wheels.contains { $0.platforms.contains("any") && $0.interpreters.contains { $0 == "py3" } } }

    public func answer(python minor: Int, on machine: Machine) -> Answer {
        // The last patch of a minor version: what asks for 3.11.1 or newer means 3.11.
        guard requiresPython.contains("3.\(minor).99", prereleases: true) else { return .nothing }
        if wheels.contains(where: { Self.serves($0, minor, machine) }) { return .wheel }
        return hasSource ? .source : .nothing
    }

    private static func serves(_ tags: WheelTagSet, _ minor: Int, _ machine: Machine) -> Bool {
        guard tags.platforms.contains(where: { fits($0, machine) }) else { return false }
        return tags.interpreters.contains { interpreter in
            if interpreter == "py3" || interpreter == "py3\(minor)" { return tags.abis.contains("none") }
            guard interpreter.hasPrefix("cp3"), let number = Int(interpreter.dropFirst(3)) else { return false }
            if number == minor { return tags.abis.contains { $0 == "none" || $0 == "abi3" || $0 == interpreter } }
            return number < minor && tags.abis.contains("abi3")
        }
    }

    private static func fits(_ platform: String, _ machine: Machine) -> Bool {
        if platform == "any" { return true }
        func linux(_ prefixes: [String], _ architecture: String) -> Bool {
            platform.hasSuffix("_\(architecture)") && prefixes.contains { platform.hasPrefix($0) }
        }
        switch machine {
        case .linuxX86: return linux(["manylinux", "linux_"], "x86_64")
        case .linuxARM: return linux(["manylinux", "linux_"], "aarch64")
        case .muslX86: return linux(["musllinux"], "x86_64")
        case .muslARM: return linux(["musllinux"], "aarch64")
        case .macIntel:
            return platform.hasPrefix("macosx_") && ["x86_64", "universal2", "intel", "fat64", "universal"].contains { platform.hasSuffix("_\($0)") }
        case .macARM: return platform.hasPrefix("macosx_") && ["arm64", "universal2"].contains { platform.hasSuffix("_\($0)") }
        case .windowsX86: return platform == "win_amd64"
        case .windowsARM: return platform == "win_arm64"
        }
    }
}
