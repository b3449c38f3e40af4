// What a marker is evaluated against.

/// The Python environment a marker is evaluated against (PEP 508), with the names of the extras asked for.
public struct MarkerEnvironment: Hashable, Sendable {
    public var implementationName: String
    public var implementationVersion: String
    public var osName: String
    public var platformMachine: String
    public var platformPythonImplementation: String
    public var platformRelease: String
    public var platformSystem: String
    public var platformVersion: String
    public var pythonFullVersion: String
    public var pythonVersion: String
    public var sysPlatform: String

    /// The one extra under consideration; empty: none; nil: `extra` may not be used here.
    public var extra: String?

    /// The set `extras` of a lock file; nil: `extras` may not be used here.
    public var extras: Set<String>?

    /// The set `dependency_groups` of a lock file; nil: `dependency_groups` may not be used here.
    public var dependencyGroups: Set<String>?

    /// CPython of the given version on a system described by the other values, which default to 64-bit Linux.
    /// - Parameter pythonFullVersion: three numbers, such as `3.13.1`.
    public init(
        pythonFullVersion: String,
        implementationName: String = "cpython",
        platformPythonImplementation: String = "CPython",
        osName: String = "posix",
        sysPlatform: String = "linux",
        platformSystem: String = "Linux",
        platformMachine: String = "x86_64",
        platformRelease: String = "",
        platformVersion: String = "",
        extra: String? = "",
        extras: Set<String>? = nil,
        dependencyGroups: Set<String>? = nil
    ) {
        self.implementationName = implementationName
        self.implementationVersion = pythonFullVersion
        self.osName = osName
        self.platformMachine = platformMachine
        self.platformPythonImplementation = platformPythonImplementation
        self.platformRelease = platformRelease
        self.platformSystem = platformSystem
        self.platformVersion = platformVersion
        self.pythonFullVersion = pythonFullVersion
        self.pythonVersion = pythonFullVersion.split(separator: ".").prefix(2).joined(separator: ".")
        self.sysPlatform = sysPlatform
        self.extra = extra
        self.extras = extras
        self.dependencyGroups = dependencyGroups
    }

    enum Value {
        case text(String)
        case names(Set<String>)
    }

    /// The value of a marker variable, by the name markers use.
    func value(of name: String) -> Value? {
        switch name {
        case "implementation_name": .text(implementationName)
        case "implementation_version": .text(implementationVersion)
        case "os_name": .text(osName)
        case "platform_machine": .text(platformMachine)
        case "platform_python_implementation": .text(platformPythonImplementation)
        case "platform_release": .text(platformRelease)
        case "platform_system": .text(platformSystem)
        case "platform_version": .text(platformVersion)
        // CPython built from a checkout reports `3.14.0a1+`, which is no version.
        case "python_full_version": .text(pythonFullVersion.utf8.last == UInt8(ascii: "+") ? pythonFullVersion + "local" : pythonFullVersion)
        case "python_version": .text(pythonVersion)
        case "sys_platform": .text(sysPlatform)
        case "extra": extra.map { .text(NormalizedName(normalizing: $0).value) }
        case "extras": extras.map { .names($0) }
        case "dependency_groups": dependencyGroups.map { .names($0) }
        default: nil
        }
    }
}
